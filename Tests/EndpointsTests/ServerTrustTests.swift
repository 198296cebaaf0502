import Foundation
import Reconciliation
import Testing

@testable import Endpoints

@Suite struct ServerTrustTests {
  private static let colons = stride(from: 0, to: 64, by: 2).map { offset in
    String(TestCertificate.sha256.uppercased().dropFirst(offset).prefix(2))
  }.joined(separator: ":")

  /// Asks a server with the test certificate for its capabilities.
  private func ask(_ trust: EndpointDeclaration.Trust) async throws -> (error: EndpointError?, requests: Int) {
    var outcome: (EndpointError?, Int) = (nil, 0)
    try await TLSTestServer.run { url, server in
      try await SCIM2Endpoint.use(url, configure: { $0.connection.trust = trust }) { endpoint in
        do throws(EndpointError) { _ = try await endpoint.capabilities() } catch { outcome.0 = error }
      }
      outcome.1 = server.requestCount
    }
    return outcome
  }

  @Test(arguments: [
    EndpointDeclaration.Trust.pinned(sha256: TestCertificate.sha256), .pinned(sha256: colons),
    .insecureSkipVerify,
  ])
  func trusted(_ trust: EndpointDeclaration.Trust) async throws {
    let (error, requests) = try await ask(trust)
    #expect(error == nil)
    #expect(requests == 3)
  }

  @Test func aFileOfCertificatesIsTrusted() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).pem")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(TestCertificate.certificate.utf8).write(to: file)
    let (error, requests) = try await ask(.caFile(file.path))
    #expect(error == nil)
    #expect(requests == 3)
  }

  /// No request, and so no credential, goes to a server that is not the one meant.
  @Test(arguments: [EndpointDeclaration.Trust.system, .pinned(sha256: String(repeating: "0", count: 64))])
  func notTrusted(_ trust: EndpointDeclaration.Trust) async throws {
    let (error, requests) = try await ask(trust)
    #expect(error?.kind == .misconfigured)
    #expect(requests == 0)
  }

  @Test(arguments: [
    EndpointDeclaration.Trust.caFile("/nowhere/ca.pem"), .pinned(sha256: "abc"),
    .pinned(sha256: String(repeating: "z", count: 64)),
  ])
  func unusable(_ trust: EndpointDeclaration.Trust) async {
    let error = await failure {
      let connection = ConnectionConfiguration(trust: trust, userAgent: "x")
      _ = try SCIM2Endpoint(SCIM2Configuration(name: "x", url: "https://localhost", connection: connection))
    }
    #expect(error?.kind == .misconfigured)
  }
}
