import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

@testable import IdentityServer

/// What newcomers are asked before an account is made.
struct AccountPromptTests {
  @Test func whoAgreesGetsAnAccount() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "consent"]) { login async throws in
      let page = try await login.signIn()
      #expect(page.status == 200)
      #expect(page.text.plainText.contains("Other knows you"))
      #expect(page.text.contains("User name: <strong>eve</strong>"))
      #expect(page.text.contains("E-mail: <strong>eve@other.example</strong>"))
      #expect(!page.text.contains("name=\"username\"") && !page.text.contains("name=\"password\""))
      #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
      #expect(try await login.server.user("eve") == nil)
      let fields = ["decision": "allow", "username": "admin2", "password": "chosen", "again": "chosen"]
      let answer = try await login.browser.follow(
        try await login.browser.submit(page, fields, to: "/commonauth/account"))
      #expect(answer.redirected["code"] != nil)
      #expect(try await login.server.user("admin2") == nil, "what was not asked is not taken")
      #expect(try await login.server.directory.authenticate(userName: "eve", password: "chosen") == nil)
      #expect(try await login.anew().signIn().redirected["code"] != nil, "who is known is not asked")
    }
  }

  @Test func whoDoesNotAgreeGetsNone() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "consent"]) { login async throws in
      let page = try await login.signIn()
      for decision in ["deny", "", "x"] {
        let answer = try await login.browser.submit(page, ["decision": decision], to: "/commonauth/account")
        #expect(answer.status == 403)
        #expect(answer.text.contains("No account was made"))
      }
      #expect(!login.isSignedIn)
      #expect(try await login.server.user("eve") == nil)
    }
  }

  @Test func theUserMayChooseTheName() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "username", "userStoreDomain": "PRIMARY"]) {
      login async throws in
      var page = try await login.signIn()
      #expect(page.text.contains("value=\"eve\""))
      #expect(!page.text.contains("name=\"password\""))
      for (name, problem) in [
        ("admin", "The name admin is taken."), ("", "Choose a user name."), ("a/b/c", "This cannot be the name"),
        ("ADMIN", "The name ADMIN is taken."),
      ] {
        page = try await login.browser.submit(
          page, ["decision": "allow", "username": name], to: "/commonauth/account")
        #expect(page.status == 403)
        #expect(page.text.contains(problem), "\(name)")
      }
      let answer = try await login.browser.follow(
        try await login.browser.submit(
          page, ["decision": "allow", "username": "SECONDARY/evelyn"], to: "/commonauth/account"))
      #expect(answer.redirected["code"] != nil)
      let evelyn = try await login.server.user("evelyn")?.text("id") ?? ""
      #expect(try await login.server.directory.identities(of: evelyn).map(\.subject) == ["eve-1"])
    }
  }

  @Test func theUserMayChooseThePassword() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "password"]) { login async throws in
      var page = try await login.signIn()
      #expect(page.text.contains("autocomplete=\"new-password\""))
      for (password, again, problem) in [
        ("", "", "Choose a password."), ("chosen", "", "The two passwords differ."),
        ("chosen", "other", "The two passwords differ."),
      ] {
        page = try await login.browser.submit(
          page, ["decision": "allow", "username": "evelyn", "password": password, "again": again],
          to: "/commonauth/account")
        #expect(page.text.contains(problem))
        #expect(page.text.contains("value=\"evelyn\"") && !page.text.contains("chosen"))
      }
      let answer = try await login.browser.follow(
        try await login.browser.submit(
          page, ["decision": "allow", "username": "evelyn", "password": "chosen", "again": "chosen"],
          to: "/commonauth/account"))
      #expect(answer.redirected["code"] != nil)
      #expect(try await login.server.directory.authenticate(userName: "evelyn", password: "chosen") != nil)
    }
  }

  /// What the provider has said is carried by the browser, which can neither change it nor hand it to another.
  @Test func theAnswerComesFromOurPageInThisBrowserAndSoon() async throws {
    let setup = ServerSetup()
    try await ForeignLogin.run(setup, policy: ["enabled": true, "prompt": "consent"]) { login async throws in
      let page = try await login.signIn()
      let other = login.anew()
      let others = try await other.signIn()
      let fields = page.hiddenFields.merging(["decision": "allow"]) { _, new in new }
      let account = fields["account"] ?? ""
      for forgery in [
        ["form_token": ""], ["account": ""], ["account": String(account.dropLast(5)) + "AAAA="],
        ["account": "sealed:1:AAAA"],
        ["form_token": others.hiddenFields["form_token"] ?? ""], ["account": others.hiddenFields["account"] ?? ""],
      ] {
        let forged = fields.merging(forgery) { _, new in new }
        #expect(try await login.browser.post("/commonauth/account", forged).status == 400, "\(forgery.keys)")
      }
      #expect(try await other.browser.post("/commonauth/account", fields).status == 400)
      #expect(try await login.browser.get("/commonauth/account").status == 405)
      setup.clock.advance(by: .seconds(900))
      #expect(try await login.browser.post("/commonauth/account", fields).status == 400)
      #expect(try await login.server.user("eve") == nil)
    }
  }

  /// Between the question and the answer the provider may be switched off, or the account be made.
  @Test func whatHappensMeanwhileCounts() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "consent"]) { login async throws in
      let page = try await login.signIn()
      let other = login.anew()
      let same = try await other.signIn()
      let answer = try await login.browser.submit(page, ["decision": "allow"], to: "/commonauth/account")
      #expect(answer.status == 303)
      #expect(
        try await other.browser.submit(same, ["decision": "allow"], to: "/commonauth/account").status == 303,
        "the account is there already, and theirs")
      #expect(try await login.server.send(.GET, "/Users").resources.count == 2)
      let third = login.anew()
      login.provider.behave { behaviour in
        behaviour.claims = { claims in
          claims["sub"] = "ann-1"
          claims["preferred_username"] = "ann"
        }
        behaviour.userInfo = { $0["sub"] = "ann-1" }
      }
      let asked = try await third.signIn()
      try await login.change(["enabled": false])
      #expect(try await third.browser.submit(asked, ["decision": "allow"], to: "/commonauth/account").status == 400)
      #expect(try await login.server.user("ann") == nil)
    }
  }

  @Test func whatTheProviderSaysIsNoHTML() async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "prompt": "username"]) { login async throws in
      let evil = "\"'><img src=x>\u{0301}"
      login.provider.behave { behaviour in
        behaviour.claims = { claims in
          for name in ["preferred_username", "email", "name"] { claims[name] = .string(evil) }
        }
      }
      try await login.change(["displayName": .string(evil)])
      let page = try await login.signIn()
      let again = try await login.browser.submit(
        page, ["decision": "allow", "username": "admin"], to: "/commonauth/account")
      for text in [page.text, again.text] {
        #expect(!text.contains("<img"))
        #expect(text.contains("&quot;&#39;&gt;&lt;img"))
      }
    }
  }
}
