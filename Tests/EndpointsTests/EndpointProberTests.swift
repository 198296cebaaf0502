import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

@Suite struct EndpointProberTests {
  private struct Unset: Error, CustomStringConvertible { let description = "TOKEN is not set" }

  private let prober = EndpointProber(
    EndpointFactory(
      userAgent: "rollcall/test",
      secret: { reference in
        guard case .literal(let secret) = reference else { throw Unset() }
        return secret
      }, directory: { _ in .forTests() }))

  private func declaration(
    _ url: String, password: String = SCIMTestServer.password, trust: EndpointDeclaration.Trust = .system
  ) -> EndpointDeclaration {
    EndpointDeclaration(
      name: "remote", driver: .scim2, url: url,
      authentication: .basic(username: SCIMTestServer.userName, password: .literal(Secret(password))), trust: trust,
      location: SourceLocation(file: "e.yaml", line: 1))
  }

  @Test func whatAnEndpointCanDo() async throws {
    let prober = prober
    try await SCIMTestServer.run { url in
      let result = await prober.probe(declaration(url))
      #expect(result.isUsable && result.credentials == .accepted && result.user == "admin")
      #expect(result.certificate == nil && result.latency != nil)
      #expect(result.capabilities?.supportsFilter == true && result.capabilities?.maxResults == 500)
    }
  }

  @Test func aWrongPasswordIsRefused() async throws {
    let prober = prober
    try await SCIMTestServer.run { url in
      let result = await prober.probe(declaration(url, password: "canary"))
      guard case .refused(let reason) = result.credentials else {
        Issue.record("a refusal was expected, not \(result.credentials)")
        return
      }
      #expect(!result.isUsable && result.failure == nil && !reason.contains("canary"))
    }
  }

  @Test func aSecretThatIsNotThereIsARefusal() async throws {
    let prober = prober
    try await SCIMTestServer.run { url in
      var declaration = declaration(url)
      declaration.authentication = .bearer(token: .environment("TOKEN"), expiresAt: nil)
      #expect(
        await prober.probe(declaration).credentials == .refused("the credential cannot be used: TOKEN is not set"))
    }
  }

  @Test func nobodyThere() async {
    let result = await prober.probe(declaration("http://127.0.0.1:9/scim2"))
    #expect(!result.isUsable && result.credentials == .untested && result.failure != nil)
  }

  @Test func anAddressThatIsNoneOfSCIM() async throws {
    let prober = prober
    try await SCIMTestServer.run { url in
      #expect(await !prober.probe(declaration(url + "/elsewhere")).isUsable)
    }
  }

  @Test func theCertificateIsShownWhetherTrustedOrNot() async throws {
    let prober = prober
    try await TLSTestServer.run { url, server in
      let known = await prober.probe(declaration(url, trust: .pinned(sha256: TestCertificate.sha256)))
      #expect(known.certificate?.subject == "CN=localhost" && known.certificate?.issuer == "CN=localhost")
      #expect(known.certificate?.version == "TLS 1.3")
      let sent = server.requestCount
      let stranger = await prober.probe(declaration(url))
      #expect(!stranger.isUsable && stranger.failure != nil)
      #expect(stranger.certificate?.subject == "CN=localhost")
      #expect(server.requestCount == sent)
      let end = try #require(stranger.expiries.first)
      #expect(end.subject == .certificate && end.owner == ResourceKey("Endpoint", "remote"))
      #expect(end.urgency(at: end.expiresAt.addingTimeInterval(-20 * 86_400)) == .warning)
    }
  }

  /// A plan is told of what ends without a request of its own.
  @Test func whatEndsIsFoundWithoutARequest() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).pem")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(TestCertificate.certificate.utf8).write(to: file)
    let prober = prober
    try await TLSTestServer.run { url, server in
      var declaration = declaration(url, trust: .caFile(file.path))
      let moment = Date(timeIntervalSince1970: 1_900_000_000)
      declaration.authentication = .bearer(token: .literal(Secret("opaque")), expiresAt: moment)
      let findings = await prober.expiries(of: declaration)
      #expect(findings.map(\.subject) == [.token, .caFile, .certificate])
      #expect(findings.first?.expiresAt == moment)
      #expect(findings.first?.location?.file == "e.yaml")
      #expect(server.requestCount == 0)
    }
  }

  @Test(
    arguments: [
      (#"{"exp":1900000000}"#, 1_900_000_000), (#"{"exp":1900000000.5}"#, 1_900_000_000.5), (#"{"sub":"x"}"#, nil),
      (#"{"exp":"soon"}"#, nil), (#"{"exp":1e400}"#, nil), ("not json", nil),
    ] as [(String, Double?)])
  func tokensThatSayWhenTheyEnd(payload: String, end: Double?) {
    let encoded = Data(payload.utf8).base64EncodedString().replacing("=", with: "").replacing("+", with: "-")
    let token = Secret("e30.\(encoded).c2ln")
    #expect(TokenEnd.date(of: token)?.timeIntervalSince1970 == end)
    #expect(TokenEnd.date(of: Secret(encoded)) == nil)
  }

  @Test(arguments: [3_600.0, -86_400, 0])
  func clocksAreCompared(behind: Double) async throws {
    let prober = EndpointProber(
      EndpointFactory(
        userAgent: "rollcall/test", now: { Date().addingTimeInterval(behind) },
        secret: { _ in throw Unset() }, directory: { _ in .forTests() }))
    try await SCIMTestServer.run { url in
      let skew = try #require(await prober.probe(declaration(url)).clockSkew)
      #expect(behind == 0 ? skew == 0 : abs(skew + behind) < 30)
    }
  }

  @Test func identityProvidersAreReachedWhereCodesGo() async throws {
    let prober = prober
    try await TLSTestServer.run { url, _ in
      func provider(_ attributes: JSONObject) -> DesiredResource {
        DesiredResource(
          key: ResourceKey("IdentityProvider", "partner"), attributes: attributes,
          location: SourceLocation(file: "x.yaml", line: 1))
      }
      let authenticator: JSONValue = [
        "type": "openidconnect", "tokenEndpoint": .string("\(url)/token"),
        "tls": ["pinnedSHA256": .string(TestCertificate.sha256)],
      ]
      let result = await prober.probe(identityProvider: provider(["authenticators": [authenticator]]))
      #expect(result?.isUsable == true && result?.credentials == .untested)
      #expect(result?.expiries.map(\.owner) == [ResourceKey("IdentityProvider", "partner")])
      let disabled = await prober.probe(
        identityProvider: provider(["authenticators": [authenticator], "enabled": false]))
      #expect(disabled?.owner == nil)
      #expect(await prober.probe(identityProvider: provider([:]))?.owner == nil)
    }
  }
}
