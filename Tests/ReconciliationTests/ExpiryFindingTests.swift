import Foundation
import Testing

@testable import Reconciliation

@Suite struct ExpiryFindingTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)

  private func finding(_ days: Double, _ subject: ExpiryFinding.Subject = .certificate) -> ExpiryFinding {
    ExpiryFinding(ResourceKey("Endpoint", "remote"), subject, expiresAt: now.addingTimeInterval(days * 86_400))
  }

  @Test(
    arguments: [
      (-400, .error, -400), (-0.5, .error, -1), (0, .error, 0), (6.99, .error, 6), (7, .warning, 7),
      (29.99, .warning, 29), (30, nil, 30), (365, nil, 365),
    ] as [(Double, ExpiryFinding.Urgency?, Int)])
  func thresholds(days: Double, urgency: ExpiryFinding.Urgency?, left: Int) {
    #expect(finding(days).urgency(at: now) == urgency)
    #expect(finding(days).daysLeft(at: now) == left)
  }

  @Test(arguments: [
    (12.5, "the certificate of Endpoint/remote ends in 12 days, on 2027-01-27"),
    (1.5, "the certificate of Endpoint/remote ends in 1 day, on 2027-01-16"),
    (0.5, "the certificate of Endpoint/remote ends within a day, on 2027-01-15"),
    (0, "the certificate of Endpoint/remote ended on 2027-01-15"),
    (-3, "the certificate of Endpoint/remote ended on 2027-01-12"),
  ])
  func sentences(days: Double, sentence: String) { #expect(finding(days).sentence(at: now) == sentence) }

  @Test(
    arguments: [(59.0, nil), (60, .warning), (-299, .warning), (300, .error), (-4_000, .error)]
      as [(Double, ExpiryFinding.Urgency?)])
  func clocks(skew: Double, urgency: ExpiryFinding.Urgency?) {
    var result = ProbeResult(ResourceKey("Endpoint", "remote"), type: "scim2")
    result.clockSkew = skew
    #expect(result.findings(at: now).map(\.urgency) == [urgency].compactMap { $0 })
  }

  @Test func theMostUrgentComesFirst() {
    let result = ProbeResult(
      ResourceKey("Endpoint", "remote"), type: "scim2",
      expiries: [finding(20), finding(3, .token), finding(90, .caFile)])
    #expect(result.findings(at: now).map(\.urgency) == [.error, .warning])
  }
}
