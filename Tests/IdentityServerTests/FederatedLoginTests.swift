import Foundation
import JSON
import JWTKit
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Signing in at one server of ours by way of another: the seed's walk through just-in-time provisioning.
struct FederatedLoginTests {
  @Test func aUserOfTheOtherServerIsProvisionedAndSignedIn() async throws {
    let setup = ServerSetup()
    try await FederatedServers.run(setup) { servers async throws in
      let traveller = Traveller(servers)
      let away = try await traveller.setOut()
      #expect(away.status == 303)
      #expect(away.header("Location")?.hasPrefix(servers.there.origin + "/oauth2/authorize?") == true)
      let asked = away.redirected
      #expect(asked["client_id"] == "is1")
      #expect(asked["redirect_uri"] == servers.here.origin + "/commonauth")
      #expect(asked["scope"] == "openid profile email groups")
      #expect(asked["code_challenge_method"] == "S256")
      #expect(asked["nonce"]?.count == 43)
      #expect(asked["state"]?.contains("app.example") == false, "what the application asked for is sealed")

      let back = try await traveller.signInThere(away)
      #expect(back.header("Location")?.hasPrefix(servers.here.origin + "/commonauth?code=") == true)
      let answer = try await traveller.comeBack(back)
      #expect(answer.redirected["state"] == "the state")
      let tokens = try await servers.party.redeem(answer.redirected["code"] ?? "").json
      let claims = try await servers.party.verified(tokens["id_token"]?.string)
      let bob = try #require(try await servers.here.user("bob"))
      #expect(claims.sub.value == bob.text("id"))
      #expect(claims.iss.value == servers.here.origin)
      #expect(claims.amr == ["pwd"], "how bob signed in there")
      #expect(claims.email == "bob@corp.example")
      #expect(bob["name"] == ["givenName": "Bob", "familyName": "C"])
      #expect(bob["emails"] == [["value": "bob@corp.example", "type": "work"]])
      #expect(bob["active"] == true)

      let made = try await servers.here.directory.events(after: 0, limit: 100).last { $0.id == bob.text("id") }
      #expect(made?.author == Author(name: "identityProvider:is2", address: "127.0.0.1"))
      #expect(made?.action == .create)
      let signedIn = try await setup.accessLog.accessEvents(after: 0, limit: 100).last { $0.kind == .signedIn }
      #expect(signedIn?.author.name == "user:bob")
      #expect(signedIn?.detail == "with federated:is2")
    }
  }

  /// Where the other server is found: by its addresses alone, as the seed has it, or by its issuer alone.
  @Test(arguments: [["issuer"], ["issuer", "tokenEndpoint"], ["authorizationEndpoint", "tokenEndpoint"]])
  func theOtherServerIsFound(_ given: [String]) async throws {
    try await FederatedServers.run { servers async throws in
      var authenticator = servers.authenticator
      authenticator["issuer"] = .string(servers.there.origin)
      for name in ["issuer", "authorizationEndpoint", "tokenEndpoint"] where !given.contains(name) {
        authenticator[name] = nil
      }
      try await servers.change(["authenticators": [.object(authenticator)]])
      #expect(try await Traveller(servers).signIn().redirected["code"] != nil)
    }
  }

  @Test func whoComesAgainIsTheSameUser() async throws {
    try await FederatedServers.run { servers async throws in
      #expect(try await Traveller(servers).signIn().redirected["code"] != nil)
      let first = try await servers.here.user("bob")
      #expect(try await Traveller(servers).signIn().redirected["code"] != nil)
      let users = try await servers.here.send(.GET, "/Users").resources
      #expect(users.count { $0["userName"] != "admin" } == 1)
      #expect(try await servers.here.user("bob") == first, "nothing is written that is so already")
      #expect(
        try await servers.here.directory.identities(of: first?.text("id") ?? "")
          == [FederatedIdentity(issuer: servers.there.origin, subject: "bob")])
    }
  }

  /// Of several browsers that come at once for the first time, one makes the account.
  @Test func whoComesManyTimesAtOnceIsOneUser() async throws {
    try await FederatedServers.run { servers async throws in
      let answers = try await withThrowingTaskGroup(of: Bool.self) { tasks in
        for _ in 1...6 {
          tasks.addTask { try await Traveller(servers).signIn().redirected["code"] != nil }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(answers == Array(repeating: true, count: 6))
      let users = try await servers.here.send(.GET, "/Users").resources
      #expect(users.map { $0.text("userName") }.sorted() == ["admin", "bob"])
    }
  }

  /// Whoever is called otherwise there one day is still the same, and whoever gets the name then is not.
  @Test func theIdentityCountsNotTheName() async throws {
    try await FederatedServers.run { servers async throws in
      let application = try await servers.there.find("/ServiceProviders", "name", "is1")?.text("id") ?? ""
      let bySubject: [JSONValue] = [["op": "replace", "path": "inbound.openidconnect", "value": ["subject": "id"]]]
      try await servers.patch(servers.there, "/ServiceProviders/\(application)", bySubject)
      try await servers.change(["claims": ["userId": "preferred_username"]])
      _ = try await Traveller(servers).signIn()
      let first = try await servers.here.user("bob")?.text("id") ?? ""
      let bob = try await servers.there.user("bob")?.text("id") ?? ""
      try await servers.patch(
        servers.there, "/Users/\(bob)", [["op": "replace", "path": "userName", "value": "robert"]])
      _ = try await servers.there.send(.POST, "/Users", ["userName": "bob", "password": "other"])
      let robert = Traveller(servers)
      #expect(try await robert.signIn("robert").redirected["code"] != nil)
      #expect(try await robert.here.get("/login").text.contains("You are signed in as bob"))
      let other = try await Traveller(servers).signIn("bob", "other")
      #expect(other.status == 403)
      #expect(other.text.contains("There is already an account of this name"))
      #expect(try await servers.here.user("bob")?.text("id") == first)
    }
  }

  @Test func theNewAccountHasNoPassword() async throws {
    try await FederatedServers.run(steps: [["local": ["basic"], "federated": ["is2"]]]) { servers async throws in
      let traveller = Traveller(servers)
      let page = try await traveller.setOut()
      let away = try await traveller.here.submit(page, ["with": "is2"], to: "/login")
      _ = try await traveller.comeBack(try await traveller.signInThere(away))
      #expect(try await servers.here.user("bob") != nil)
      for password in ["b0b", "", "bob"] {
        #expect(try await servers.here.directory.authenticate(userName: "bob", password: password) == nil)
      }
      #expect(try await servers.here.send(.GET, "/Me", as: "bob:b0b").status == 401)
    }
  }

  @Test func anAccountOfTheSameNameIsNeverTakenOver() async throws {
    let setup = ServerSetup()
    try await FederatedServers.run(setup) { servers async throws in
      _ = try await servers.here.send(.POST, "/Users", ["userName": "Bob", "password": "mine"])
      let before = try await servers.here.user("bob")
      let traveller = Traveller(servers)
      let answer = try await traveller.signIn()
      #expect(answer.status == 403)
      #expect(answer.text.contains("There is already an account of this name"))
      #expect(answer.text.contains("sign in with its own password"))
      #expect(!traveller.here.cookies.keys.contains { $0.contains("session") })
      #expect(try await servers.here.user("bob") == before)
      #expect(try await servers.here.directory.identities(of: before?.text("id") ?? "") == [])
      let refused = try await setup.accessLog.accessEvents(after: 0, limit: 100).last
      #expect(refused?.kind == .federationRefused)
      #expect(refused?.author.name == "identityProvider:is2")
      #expect(refused?.detail == "bob: there is an account bob already")
    }
  }

  @Test func withoutProvisioningNobodyIsMade() async throws {
    try await FederatedServers.run(policy: ["enabled": false]) { servers async throws in
      let answer = try await Traveller(servers).signIn()
      #expect(answer.status == 403)
      #expect(answer.text.contains("You have no account here"))
      #expect(answer.text.contains("Partner"))
      #expect(try await servers.here.user("bob") == nil)
    }
  }

  @Test func whoIsNotActiveStaysOut() async throws {
    try await FederatedServers.run { servers async throws in
      _ = try await Traveller(servers).signIn()
      let id = try await servers.here.user("bob")?.text("id") ?? ""
      try await servers.patch(servers.here, "/Users/\(id)", [["op": "replace", "path": "active", "value": false]])
      let version = try await servers.here.user("bob")?["meta"]?["version"]
      let answer = try await Traveller(servers).signIn()
      #expect(answer.status == 403)
      #expect(answer.text.contains("Your account is not active"))
      #expect(try await servers.here.user("bob")?["meta"]?["version"] == version)
    }
  }

  /// With the account goes the association: who comes again is new, or nobody where none are made.
  @Test func whoseAccountIsDeletedIsNoLongerKnown() async throws {
    try await FederatedServers.run { servers async throws in
      _ = try await Traveller(servers).signIn()
      let id = try await servers.here.user("bob")?.text("id") ?? ""
      #expect(try await servers.here.send(.DELETE, "/Users/\(id)").status == 204)
      try await servers.change(["justInTimeProvisioning": ["enabled": false]])
      #expect(try await Traveller(servers).signIn().text.contains("You have no account here"))
      try await servers.change(["justInTimeProvisioning": ["enabled": true]])
      _ = try await Traveller(servers).signIn()
      #expect(try await servers.here.user("bob")?.text("id") != id)
    }
  }

  @Test func theUserMayChooseAmongProvidersAndTheOwnPassword() async throws {
    try await FederatedServers.run(steps: [["local": ["basic"], "federated": ["is2", "other", "off", "gone"]]]) {
      servers async throws in
      for (name, isEnabled) in [("other", true), ("off", false)] {
        _ = try await servers.here.send(
          .POST, "/IdentityProviders",
          [
            "name": .string(name), "displayName": .string("The \(name) one"), "enabled": .bool(isEnabled),
            "authenticators": [.object(servers.authenticator)],
          ])
      }
      let traveller = Traveller(servers)
      let page = try await traveller.setOut()
      #expect(page.text.contains("name=\"password\""))
      #expect(page.text.plainText.contains("Sign in with Partner"))
      #expect(page.text.plainText.contains("Sign in with The other one"))
      #expect(!page.text.contains("off") && !page.text.contains("gone"))
      for name in ["off", "gone", ""] {
        #expect(try await traveller.here.submit(page, ["with": name], to: "/login").status == (name == "" ? 403 : 404))
      }
      #expect(try await traveller.here.submit(page, ["with": "is2", "form_token": "x"], to: "/login").status == 403)
      let away = try await traveller.here.submit(page, ["with": "is2"], to: "/login")
      #expect(away.header("Location")?.hasPrefix(servers.there.origin) == true)
      #expect(
        try await traveller.comeBack(try await traveller.signInThere(away)).redirected["code"] != nil)
      let admin = TestBrowser(servers.here)
      let answer = try await admin.signIn(at: servers.party.authorize(), "admin", "admin")
      #expect(answer.redirected["code"] != nil)
    }
  }

  @Test func whoIsSwitchedOffMeanwhileSignsNobodyIn() async throws {
    try await FederatedServers.run { servers async throws in
      let traveller = Traveller(servers)
      let back = try await traveller.signInThere(try await traveller.setOut())
      try await servers.change(["enabled": false])
      #expect(try await traveller.comeBack(back).status == 400)
      #expect(try await servers.here.user("bob") == nil)
      let page = try await Traveller(servers).setOut()
      #expect(page.status == 503)
      #expect(page.text.contains("You cannot sign in"))
    }
  }

  /// What an application asks of the sign-in goes on to where it happens.
  @Test func whoMustSignInAnewMustDoSoThere() async throws {
    let (here, there) = (ServerSetup(), ServerSetup())
    try await FederatedServers.run(here, there: there) { servers async throws in
      let traveller = Traveller(servers)
      _ = try await traveller.signIn()
      here.clock.advance(by: .seconds(600))
      there.clock.advance(by: .seconds(600))
      let asked = try await traveller.setOut(["prompt": "login", "max_age": "60", "login_hint": "bob"]).redirected
      #expect(asked["prompt"] == "login")
      #expect(asked["max_age"] == "60")
      #expect(asked["login_hint"] == "bob")
      let answer = try await traveller.signIn("bob", "b0b", ["max_age": "60"])
      #expect(answer.redirected["code"] != nil)
      let silent = try await Traveller(servers).setOut(["prompt": "none"])
      #expect(silent.redirected["error"] == "login_required")
    }
  }

  /// The user says no there.
  @Test func aRefusalThereIsToldHere() async throws {
    try await FederatedServers.run { servers async throws in
      let application = try await servers.there.find("/ServiceProviders", "name", "is1")?.text("id") ?? ""
      let asking: [JSONValue] = [["op": "replace", "path": "inbound.openidconnect", "value": ["skipConsent": false]]]
      try await servers.patch(servers.there, "/ServiceProviders/\(application)", asking)
      let traveller = Traveller(servers)
      let page = try await traveller.signInThere(try await traveller.setOut())
      #expect(page.text.plainText.contains("is1 asks for access"))
      let denied = try await traveller.there.submit(page, ["decision": "deny"], to: "/oauth2/consent")
      let answer = try await traveller.comeBack(denied)
      #expect(answer.status == 403)
      #expect(answer.text.contains("You did not sign in at Partner"))
      #expect(answer.text.contains("href=\"/login?continue="))
      #expect(try await servers.here.user("bob") == nil)
    }
  }
}
