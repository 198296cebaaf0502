import Foundation
import Reconciliation
import Testing

@Suite struct NotificationPolicyTests {
  private let start = Date(timeIntervalSince1970: 1_780_000_000)
  private let local = PassFindings.Place.endpoint("local")

  private func policy(
    _ events: Set<NotificationDeclaration.Event> = Set(NotificationDeclaration.Event.allCases),
    endpoints: Set<String>? = nil, rate: NotificationDeclaration.Rate = .init(100, in: 3600),
    repeatEvery: TimeInterval? = nil
  ) -> NotificationPolicy {
    NotificationPolicy(
      NotificationDeclaration(
        name: "people", channel: .slack(url: .environment("URL")), events: events, endpoints: endpoints, rate: rate,
        repeatEvery: repeatEvery))
  }

  private func drift(_ names: String..., isMomentary: Bool = false) -> [PassFindings.Finding] {
    names.map { .init(.drift, "User/\($0)", "changed", isMomentary: isMomentary) }
  }

  private func look(
    _ findings: [PassFindings.Finding], judged: Set<NotificationDeclaration.Event> = [.drift, .failure],
    at place: PassFindings.Place? = nil
  ) -> PassFindings {
    PassFindings(place ?? local, findings, judged: judged)
  }

  /// What is told of a look that is delivered: `new drift User/alice`.
  private func told(
    _ policy: inout NotificationPolicy, _ look: PassFindings, after seconds: TimeInterval = 0
  ) -> [String] {
    let now = start + seconds
    guard let announcement = policy.take(look, at: now) else { return [] }
    policy.told(announcement, at: now)
    return announcement.items.map { "\($0.news.rawValue) \($0.finding.event.rawValue) \($0.finding.subject)" }
  }

  @Test func aLookIsOneMessageAndEachFindingIsToldOnce() {
    var policy = policy()
    #expect(told(&policy, look(drift("bob", "alice"))) == ["new drift User/alice", "new drift User/bob"])
    #expect(told(&policy, look(drift("alice", "bob")), after: 60).isEmpty)
    #expect(told(&policy, look(drift("alice", "bob", "carol")), after: 120) == ["new drift User/carol"])
  }

  @Test func whatIsOverIsToldOnce() {
    var policy = policy()
    _ = told(&policy, look(drift("alice", "bob")))
    #expect(told(&policy, look(drift("bob")), after: 60) == ["recovered drift User/alice"])
    #expect(told(&policy, look(drift("bob")), after: 120).isEmpty)
    #expect(told(&policy, look(drift("alice", "bob")), after: 180) == ["new drift User/alice"])
  }

  @Test func whatALookCouldNotJudgeIsNotOver() {
    var policy = policy()
    _ = told(&policy, look(drift("alice")))
    let failure = PassFindings.Finding(.failure, "endpoint", "down")
    #expect(told(&policy, look([failure], judged: [.failure]), after: 60) == ["new failure endpoint"])
    #expect(told(&policy, look([], judged: []), after: 120).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 180) == ["recovered failure endpoint"])
  }

  @Test func whatGoesOnIsToldAgainAfterAWhile() {
    var policy = policy(repeatEvery: 3600)
    _ = told(&policy, look(drift("alice")))
    #expect(told(&policy, look(drift("alice")), after: 3599).isEmpty)
    #expect(told(&policy, look(drift("alice")), after: 3600) == ["again drift User/alice"])
    #expect(told(&policy, look(drift("alice")), after: 3700).isEmpty)
    #expect(told(&policy, look([]), after: 3800) == ["recovered drift User/alice"])
  }

  @Test func sinceWhenStaysWhatItWas() {
    var policy = policy(repeatEvery: 60)
    _ = told(&policy, look(drift("alice")))
    let again = policy.take(look(drift("alice")), at: start + 90)
    #expect(again?.items.map(\.since) == [start])
  }

  @Test func theRateHoldsBackAndNothingIsLost() {
    var policy = policy(rate: .init(2, in: 3600))
    #expect(told(&policy, look(drift("a"))).count == 1)
    #expect(told(&policy, look(drift("a", "b")), after: 60).count == 1)
    #expect(told(&policy, look(drift("a", "b", "c")), after: 120).isEmpty)
    #expect(told(&policy, look(drift("b", "c")), after: 180).isEmpty)
    #expect(
      told(&policy, look(drift("b", "c")), after: 3600) == ["new drift User/c", "recovered drift User/a"])
  }

  @Test func whatCameAndWentUntoldIsNotTold() {
    var policy = policy(rate: .init(1, in: 3600))
    _ = told(&policy, look(drift("a")))
    #expect(told(&policy, look(drift("a", "b")), after: 60).isEmpty)
    #expect(told(&policy, look(drift("a")), after: 4000).isEmpty)
  }

  @Test func whatDidNotArriveIsToldWithTheNextLook() {
    var policy = policy()
    let lost = policy.take(look(drift("alice")), at: start)
    #expect(lost != nil)
    #expect(told(&policy, look(drift("alice", "bob")), after: 60) == ["new drift User/alice", "new drift User/bob"])
    #expect(told(&policy, look(drift("alice", "bob")), after: 120).isEmpty)
  }

  @Test func whatWasCorrectedIsToldWithoutAnEnd() {
    var policy = policy(repeatEvery: 60)
    #expect(told(&policy, look(drift("alice", isMomentary: true))) == ["new drift User/alice"])
    #expect(told(&policy, look([]), after: 100).isEmpty)
    // Somebody changes it again and again: told once a day.
    #expect(told(&policy, look(drift("alice", isMomentary: true)), after: 200).isEmpty)
    #expect(told(&policy, look([]), after: 86_500).isEmpty)
    #expect(told(&policy, look(drift("alice", isMomentary: true)), after: 86_600) == ["new drift User/alice"])
  }

  @Test func onlyWhatIsAskedFor() {
    var policy = policy([.failure], endpoints: ["local"])
    let findings = drift("alice") + [.init(.failure, "endpoint", "down")]
    #expect(told(&policy, look(findings, at: .endpoint("other"))).isEmpty)
    #expect(told(&policy, look(findings, at: .manifests)).isEmpty)
    #expect(told(&policy, look(findings)) == ["new failure endpoint"])
    #expect(told(&policy, look([]), after: 60).isEmpty)
  }

  @Test func placesDoNotMix() {
    var policy = policy()
    _ = told(&policy, look(drift("alice")))
    #expect(told(&policy, look(drift("alice"), at: .endpoint("other"))) == ["new drift User/alice"])
    #expect(told(&policy, look([], at: .endpoint("other")), after: 60) == ["recovered drift User/alice"])
    #expect(told(&policy, look(drift("alice")), after: 120).isEmpty)
  }
}
