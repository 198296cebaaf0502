import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

/// Codes are good once, soon, for the application that asked, at the address that they were sent to, and for whoever has
/// asked (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
struct CodeTests {
  @Test func aSecondUseTakesBackWhatTheFirstOneGave() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      let tokens = try await party.redeem(code).json
      #expect(try await party.userInfo(tokens.text("access_token")).status == 200)
      let again = try await party.redeem(code)
      #expect(again.status == 400)
      #expect(again.json["error"] == "invalid_grant")
      #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
      #expect(try await party.refresh(tokens.text("refresh_token")).json["error"] == "invalid_grant")
      let events = try await setup.accessLog.accessEvents(after: 0, limit: 99)
      #expect(events.contains { $0.kind == .tokenReused && $0.author.name == "client:app" })
    }
  }

  @Test func manyAtOnceAreGivenTokensAtMostOnce() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      let given = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 1...8 { group.addTask { try await party.redeem(code).status == 200 ? 1 : 0 } }
        return try await group.reduce(0, +)
      }
      #expect(given == 1)
    }
  }

  @Test func codesExpire() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let first = try await party.authorized(browser).redirected["code"] ?? ""
      setup.clock.advance(by: .seconds(59))
      #expect(try await party.redeem(first).status == 200)
      let second = try await party.authorized(browser).redirected["code"] ?? ""
      setup.clock.advance(by: .seconds(61))
      #expect(try await party.redeem(second).json["error"] == "invalid_grant")
    }
  }

  @Test(
    arguments: [
      (["code_verifier": "another-verifier-of-43-to-128-characters-xxxx"], "invalid_grant"),
      (["code_verifier": "short"], "invalid_grant"), (["code_verifier": ""], "invalid_grant"),
      (["redirect_uri": "https://app.example/other"], "invalid_grant"), (["redirect_uri": ""], "invalid_request"),
      (["code": "rcc_unknown"], "invalid_grant"), (["code": ""], "invalid_request"),
    ])
  func whoeverDoesNotShowEverythingGetsNothing(_ changes: [String: String], _ error: String) async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      let answer = try await party.redeem(code, changes)
      #expect(answer.status == 400)
      #expect(answer.json["error"]?.string == error)
      #expect(try await party.redeem(code).status == 200, "the owner still can")
    }
  }

  /// Somebody who takes the challenge out of a request must not be able to inject the code (RFC 9700 section 4.8.2).
  @Test func aVerifierWithoutAChallengeIsRefused() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let without = ["code_challenge": "", "code_challenge_method": ""]
      let code = try await party.authorized(browser, without).redirected["code"] ?? ""
      #expect(try await party.redeem(code).json["error"] == "invalid_grant")
      #expect(try await party.redeem(code, ["code_verifier": ""]).status == 200)
    }
  }

  @Test func anotherApplicationGetsNothingAndBreaksNothing() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      var other = party
      other.clientID = "other"
      try await other.register()
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      #expect(try await other.redeem(code).json["error"] == "invalid_grant")
      let tokens = try await party.redeem(code)
      #expect(tokens.status == 200)
      #expect(try await other.refresh(tokens.json.text("refresh_token")).json["error"] == "invalid_grant")
      #expect(try await other.redeem(tokens.json.text("refresh_token")).json["error"] == "invalid_grant")
      #expect(try await party.refresh(tokens.json.text("refresh_token")).status == 200)
    }
  }

  @Test func aPublicApplicationNeedsNoSecretButItsVerifier() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, secret: nil)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      #expect(try await party.redeem(code, ["code_verifier": ""]).json["error"] == "invalid_grant")
      let tokens = try await party.redeem(code).json
      #expect(try await party.userInfo(tokens.text("access_token")).status == 200)
      let next = try await party.refresh(tokens.text("refresh_token"))
      #expect(next.status == 200)
      let machine = try await party.token(["grant_type": "client_credentials"])
      #expect(machine.json["error"] == "unauthorized_client")
    }
  }

  @Test func aConfidentialApplicationNeedsItsSecret() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      let fields = [
        "grant_type": "authorization_code", "code": code, "redirect_uri": RelyingParty.redirectURI,
        "code_verifier": RelyingParty.verifier, "client_id": "app",
      ]
      let answer = try await server.form("token", FormEncoding.encoded(fields))
      #expect(answer.status == 401)
      #expect(answer.json["error"] == "invalid_client")
    }
  }

  @Test func aUserWhoIsGoneGetsNoTokens() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let code = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id") ?? ""
      _ = try await server.send(.PATCH, "/Users/\(ann)", patch("replace", "active", false))
      #expect(try await party.redeem(code).json["error"] == "invalid_grant")
    }
  }
}
