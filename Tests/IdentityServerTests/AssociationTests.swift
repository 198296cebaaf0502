import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Which accounts that are here already somebody from elsewhere may get.
struct AssociationTests {
  private func user(_ login: ForeignLogin, _ name: String = "eve") async throws -> Resource {
    Resource(try #require(try await login.server.user(name)?.object))
  }

  @Test(arguments: [true, false]) func aVerifiedAddressLeadsToItsAccount(_ isProvisioning: Bool) async throws {
    let setup = ServerSetup()
    let policy: JSONObject = ["enabled": .bool(isProvisioning), "association": "verifiedEmail"]
    try await ForeignLogin.run(setup, policy: policy) { login async throws in
      let known = try await login.server.send(
        .POST, "/Users", ["userName": "e.smith", "emails": [["value": "Eve@Other.example", "type": "home"]]]
      ).id
      login.provider.behave { $0.claims = { $0["email_verified"] = false } }
      let unverified = try await login.signIn()
      #expect((unverified.redirected["code"] != nil) == isProvisioning, "another account, or none")
      if isProvisioning {
        _ = try await login.server.send(.DELETE, "/Users/\(try await user(login).id)")
      }
      login.provider.behave { $0.claims = { _ in } }
      #expect(try await login.anew().signIn().redirected["code"] != nil)
      #expect(try await login.server.user("eve") == nil)
      #expect(
        try await login.server.directory.identities(of: known)
          == [FederatedIdentity(issuer: login.provider.issuer, subject: "eve-1")])
      #expect(try await (login.server.user("e.smith")?["nickName"] == "Evie") == isProvisioning)
      let events = try await setup.accessLog.accessEvents(after: 0, limit: 100).filter { $0.kind == .accountAssociated }
      #expect(events.map(\.detail) == ["the user \(known) is eve-1 there, by verifiedEmail"])
      #expect(events.first?.author.name == "identityProvider:other")

      login.provider.behave { behaviour in
        behaviour.claims = { $0["sub"] = "eve-2" }
        behaviour.userInfo = { $0["sub"] = "eve-2" }
      }
      let second = try await login.anew().signIn()
      #expect((second.redirected["code"] != nil) == isProvisioning, "another account, or none")
      #expect(try await login.server.directory.identities(of: known).map(\.subject) == ["eve-1"])
    }
  }

  /// A provider that verifies nothing must not prepare an account for whoever comes from another by the same address.
  @Test func nobodyIsGivenAnAccountThatCameFromElsewhere() async throws {
    try await ForeignLogin.run { login async throws in
      login.provider.behave { behaviour in
        behaviour.claims = {
          $0["sub"] = "mallory"
          $0["preferred_username"] = "mallory"
          $0["email_verified"] = false
        }
        behaviour.userInfo = { $0["sub"] = "mallory" }
      }
      #expect(try await login.signIn().redirected["code"] != nil)
      let mallory = try await user(login, "mallory")
      #expect(mallory["emails"] == [["value": "eve@other.example", "type": "work"]])
      try await login.change(["justInTimeProvisioning": ["enabled": true, "association": "verifiedEmail"]])
      login.provider.behave { $0 = ForeignProvider.Behaviour() }
      let victim = login.anew()
      #expect(try await victim.signIn().redirected["code"] != nil)
      #expect(try await victim.browser.get("/login").text.contains("You are signed in as eve"))
      #expect(try await login.server.directory.identities(of: mallory.id).map(\.subject) == ["mallory"])
    }
  }

  /// That one document calls its address verified says nothing of the address in another.
  @Test(
    arguments: [
      ("eve@other.example", "boss@corp.example", nil), ("boss@corp.example", nil, true),
      ("eve@other.example", "boss@corp.example", false),
    ] as [(String, String?, Bool?)])
  func anAddressIsVerifiedByTheDocumentThatTellsIt(_ first: String, _ second: String?, _ isVerified: Bool?) async throws
  {
    let policy: JSONObject = ["enabled": true, "association": "verifiedEmail"]
    try await ForeignLogin.run(policy: policy) { login async throws in
      _ = try await login.server.send(
        .POST, "/Users", ["userName": "boss", "emails": [["value": "boss@corp.example"]]])
      login.provider.behave { behaviour in
        behaviour.claims = {
          $0["email"] = .string(first)
          $0["email_verified"] = .bool(second != nil)
        }
        behaviour.userInfo = {
          $0["email"] = second.map(JSONValue.string)
          $0["email_verified"] = isVerified.map(JSONValue.bool)
        }
      }
      _ = try await login.signIn()
      #expect(try await login.browser.get("/login").text.contains("You are signed in as eve"))
    }
  }

  /// Kelvin sign and K, long s and s: what Unicode folds is somebody else's address.
  @Test func onlyTheCaseOfASCIIIsFoldedInAnAddress() async throws {
    let policy: JSONObject = ["enabled": true, "association": "verifiedEmail"]
    try await ForeignLogin.run(policy: policy) { login async throws in
      _ = try await login.server.send(
        .POST, "/Users", ["userName": "mike", "emails": [["value": "mike@corp.example"]]])
      login.provider.behave { $0.claims = { $0["email"] = "mi\u{212A}e@corp.example" } }
      _ = try await login.signIn()
      #expect(try await login.browser.get("/login").text.contains("You are signed in as eve"))
    }
  }

  @Test func severalAccountsOfOneAddressAreNobodys() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "association": "verifiedEmail"]) { login async throws in
      for name in ["one", "two"] {
        _ = try await login.server.send(
          .POST, "/Users", ["userName": .string(name), "emails": [["value": "eve@other.example"]]])
      }
      let answer = try await login.signIn()
      #expect(answer.status == 403)
      #expect(answer.text.contains("Several accounts here fit"))
    }
  }

  @Test func theSubjectAsExternalIdLeadsToItsAccount() async throws {
    try await ForeignLogin.run(policy: ["association": "externalId"]) { login async throws in
      #expect(try await login.signIn().text.contains("You have no account here"))
      let known = try await login.server.send(.POST, "/Users", ["userName": "e.smith", "externalId": "eve-1"]).id
      _ = try await login.server.send(.POST, "/Users", ["userName": "other", "externalId": "EVE-1"])
      let again = login.anew()
      #expect(try await again.signIn().redirected["code"] != nil)
      #expect(try await again.browser.get("/login").text.contains("You are signed in as e.smith"))
      #expect(try await login.server.directory.identities(of: known).map(\.subject) == ["eve-1"])
    }
  }

  @Test func anInactiveAccountIsNotAssociated() async throws {
    try await ForeignLogin.run(policy: ["association": "externalId"]) { login async throws in
      let known = try await login.server.send(
        .POST, "/Users", ["userName": "e.smith", "externalId": "eve-1", "active": false]
      ).id
      #expect(try await login.signIn().text.contains("Your account is not active"))
      #expect(try await login.server.directory.identities(of: known) == [])
    }
  }
}
