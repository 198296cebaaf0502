import Foundation
import HTTPTypes
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

@testable import IdentityServer

/// Sessions: how they begin and end, and that nobody slips into one.
struct SessionTests {
  /// Whether the browser is still signed in.
  private func isSignedIn(_ browser: TestBrowser, _ party: RelyingParty) async throws -> Bool {
    try await browser.get(party.authorize(["prompt": "none"])).redirected["error"] != "login_required"
  }

  @Test func theCookieIsTheBrowsersAlone() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let page = try await browser.follow(try await browser.get(party.authorize()))
      let answer = try await browser.submit(page, ["username": "ann", "password": "secret"], to: "/login")
      #expect(answer.status == 303)
      let cookies = answer.headers["Set-Cookie"]
      #expect(cookies.count == 2)
      for cookie in cookies {
        #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"), "plain HTTP on the loopback: no Secure")
        #expect(!cookie.contains("Domain"))
      }
    }
  }

  @Test func overTLSTheCookieIsBoundToTheHost() {
    var configuration = ServerConfiguration(tls: TLSIdentity(certificateChain: "", privateKey: ""))
    let secure = Cookies(isSecure: Cookies.isSecure(configuration), port: 9443)
    #expect(
      secure.setting(.session, "x") == "__Host-rollcall-session-9443=x; Path=/; HttpOnly; SameSite=Lax; Secure")
    configuration.publicURL = "http://id.example"
    #expect(!Cookies.isSecure(configuration))
    configuration.tls = nil
    configuration.publicURL = "https://id.example"
    #expect(Cookies.isSecure(configuration))
  }

  /// Whoever has planted a cookie knows neither of those that a sign-in leaves.
  @Test func signingInRenewsEveryCookie() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await browser.follow(try await browser.get(party.authorize()))
      let before = browser.cookies
      _ = try await browser.signIn(at: party.authorize())
      let first = browser.cookies
      #expect(first.count == 2)
      #expect(before.allSatisfy { first[$0.key] != $0.value })
      setup.clock.advance(by: .seconds(1))
      _ = try await browser.signIn(at: party.authorize(["prompt": "login"]))
      #expect(first.allSatisfy { browser.cookies[$0.key] != $0.value })
      let thief = TestBrowser(server)
      thief.cookies = first
      #expect(try await !isSignedIn(thief, party), "the old session is gone")
      #expect(try await isSignedIn(browser, party))
    }
  }

  @Test func aPlantedSessionIsNotTaken() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let name = "rollcall-session-\(server.origin.split(separator: ":").last ?? "")"
      let browser = TestBrowser(server)
      browser.cookies[name] = "rcs_planted"
      _ = try await browser.signIn(at: party.authorize())
      #expect(browser.cookies[name] != "rcs_planted")
      let thief = TestBrowser(server)
      thief.cookies[name] = "rcs_planted"
      #expect(try await !isSignedIn(thief, party))
    }
  }

  @Test func aSessionEndsWhenTheBrowserStaysAway() async throws {
    var setup = ServerSetup()
    setup.sessions = SessionPolicy(idle: 600, absolute: 3600)
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await party.authorized(browser)
      for _ in 1...3 {
        setup.clock.advance(by: .seconds(590))
        #expect(try await isSignedIn(browser, party))
      }
      setup.clock.advance(by: .seconds(610))
      #expect(try await !isSignedIn(browser, party))
    }
  }

  @Test func aSessionEndsInAnyCase() async throws {
    var setup = ServerSetup()
    setup.sessions = SessionPolicy(idle: 600, absolute: 3600)
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await party.authorized(browser)
      for _ in 1...7 {
        setup.clock.advance(by: .seconds(500))
        #expect(try await isSignedIn(browser, party))
      }
      setup.clock.advance(by: .seconds(100))
      #expect(try await !isSignedIn(browser, party))
    }
  }

  @Test(
    arguments: [
      patch("replace", "password", "another secret"), patch("replace", "active", false), nil,
    ] as [JSONValue?])
  func aSessionEndsWithItsUser(_ change: JSONValue?) async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await party.authorized(browser)
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id") ?? ""
      _ = try await server.send(change == nil ? .DELETE : .PATCH, "/Users/\(ann)", change)
      #expect(try await !isSignedIn(browser, party))
    }
  }

  @Test func promptsAndAgesAreObeyed() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let browser = TestBrowser(server)
      #expect(try await browser.get(party.authorize(["prompt": "none"])).redirected["error"] == "login_required")
      _ = try await browser.signIn(at: party.authorize())
      #expect(try await browser.get(party.authorize(["prompt": "none"])).redirected["code"] != nil)
      setup.clock.advance(by: .seconds(100))
      #expect(try await browser.get(party.authorize(["max_age": "101"])).redirected["code"] != nil)
      let old = try await browser.get(party.authorize(["max_age": "99", "prompt": "none"]))
      #expect(old.redirected["error"] == "login_required")
      for changes in [["max_age": "99"], ["max_age": "0"], ["prompt": "login"], ["prompt": "select_account"]] {
        let page = try await browser.follow(try await browser.get(party.authorize(changes)))
        #expect(page.text.contains("name=\"password\""), "\(changes)")
        setup.clock.advance(by: .seconds(5))
        let answer = try await browser.follow(
          try await browser.submit(page, ["username": "ann", "password": "secret"], to: "/login"))
        #expect(answer.redirected["code"] != nil, "\(changes)")
        setup.clock.advance(by: .seconds(100))
      }
    }
  }

  @Test func theHintedUserIsTheOneOrNobody() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let ann = TestBrowser(server)
      let token = try await party.tokens([:], ann).text("id_token")
      let silent = ["id_token_hint": token, "prompt": "none"]
      #expect(try await ann.get(party.authorize(silent)).redirected["code"] != nil)
      let admin = TestBrowser(server)
      _ = try await admin.signIn(at: party.authorize(), "admin", "admin")
      #expect(try await admin.get(party.authorize(silent)).redirected["error"] == "login_required")
      setup.clock.advance(by: .seconds(1))
      let page = try await admin.follow(try await admin.get(party.authorize(["id_token_hint": token])))
      #expect(page.text.contains("name=\"password\""))
    }
  }

  @Test func anotherUserOfTheBrowserEndsTheSessionOfTheFirst() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let browser = TestBrowser(server)
      let ofAnn = try await party.tokens([:], browser)
      setup.clock.advance(by: .seconds(1))
      _ = try await browser.signIn(at: party.authorize(["prompt": "login"]), "admin", "admin")
      #expect(try await party.refresh(ofAnn.text("refresh_token")).json["error"] == "invalid_grant")
    }
  }

  @Test func theStoreHoldsNoSecretOfABrowser() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await browser.signIn(at: party.authorize())
      let secret = browser.cookies.first { $0.key.contains("session") }?.value ?? ""
      #expect(secret.hasPrefix("rcs_"))
      let session = try #require(try await setup.grants.session(with: TokenSecret(secret).digest))
      #expect(!"\(session)".contains(secret.dropFirst(4)))
    }
  }
}
