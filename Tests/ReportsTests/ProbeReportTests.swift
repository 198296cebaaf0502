import Foundation
import JSON
import Reconciliation
import SCIM
import Testing

@testable import Reports

@Suite struct ProbeReportTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)

  private func after(days: Double) -> Date { now.addingTimeInterval(days * 86_400) }

  private var remote: ProbeResult {
    let key = ResourceKey("Endpoint", "remote")
    let certificate = ServerCertificate(
      subject: "CN=idp.example", issuer: "CN=CA", validFrom: after(days: -60), validUntil: after(days: 5.5),
      version: "TLS 1.3")
    var result = ProbeResult(
      key, type: "scim2", address: "https://idp.example/scim2",
      expiries: [
        ExpiryFinding(key, .token, expiresAt: after(days: 90.5)),
        ExpiryFinding(key, .certificate, expiresAt: certificate.validUntil),
      ])
    result.user = "admin"
    result.latency = 0.0123
    result.certificate = certificate
    result.clockSkew = 0
    result.credentials = .accepted
    result.capabilities = Capabilities(
      supportsBulk: true, supportsFilter: true, supportsEntityTags: true, maxResults: 1_000, maxBulkOperations: 1_000,
      catalog: .standard)
    return result
  }

  private var gone: ProbeResult {
    var result = ProbeResult(ResourceKey("Endpoint", "gone"), type: "scim2", address: "https://gone.example")
    result.failure = "the name gone.example cannot be resolved\u{1B}[2J"
    return result
  }

  @Test func text() {
    let kinds = SchemaCatalog.standard.resourceTypes.map(\.name).joined(separator: ", ")
    #expect(
      ProbeReport([remote], at: now).text(.plain) == """
        Endpoint remote  scim2 · https://idp.example/scim2
          reach         answered in 12 ms
          TLS           TLS 1.3, CN=idp.example, issued by CN=CA, 5 days left, until 2027-01-20
          credentials   accepted, as admin
          capabilities  PATCH, filter (at most 1,000), ETag, bulk (at most 1,000 operations); paged by index
          kinds         \(kinds)
          clock         in step
          token         90 days left, until 2027-04-15
          error         the certificate of Endpoint/remote ends in 5 days, on 2027-01-20

        Usable: 1 server. 1 finding.

        """)
  }

  @Test func whatCannotBeReachedIsSaidWithoutHarm() {
    let report = ProbeReport([remote, gone], at: now)
    #expect(report.reasons.count == 1)
    #expect(!report.text(.plain).contains("\u{1B}"))
    #expect(report.text(.plain).hasSuffix("Not usable: 1 of 2 endpoints. 1 finding.\n"))
  }

  @Test func json() throws {
    let value = try JSONValue(parsing: Array(ProbeReport([remote, gone], at: now).json(exit: .unreachable).utf8))
    let endpoints = try #require(value["endpoints"]?.array)
    #expect(endpoints.map { $0["reachable"] } == [true, false])
    #expect(endpoints.first?["credentials"] == "accepted")
    #expect(endpoints.first?["tls"]?["issuer"] == "CN=CA")
    #expect(endpoints.first?["capabilities"]?["bulk"] == true)
    #expect(endpoints.first?["expiries"]?.array?.map { $0["daysLeft"]?.int } == [90, 5])
    #expect(value["findings"]?.array?.map { $0["severity"] } == ["error"])
    #expect(value["exit"] == 7)
  }
}
