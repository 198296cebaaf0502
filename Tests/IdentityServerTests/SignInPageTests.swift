import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

@testable import IdentityServer

/// The pages: what they allow browsers to do, that forms come from them alone, and that nothing on them is taken for HTML.
struct SignInPageTests {
  @Test func everyPageIsLockedDown() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let login = try await browser.follow(try await browser.get(party.authorize()))
      let consent = try await browser.signIn(at: party.authorize())
      let pages = [
        login, consent, try await browser.get("/login"), try await browser.get("/oidc/logout"),
        try await browser.get("/oauth2/authorize"), try await browser.post("/login", ["x": "y"]),
        try await browser.get("/oauth2/authorize?flow=x.y"),
      ]
      for page in pages {
        #expect(page.header("Content-Type") == "text/html; charset=utf-8")
        let policy = page.header("Content-Security-Policy") ?? ""
        #expect(policy.hasPrefix("default-src 'none'; style-src 'self';"))
        for part in ["frame-ancestors 'none'", "base-uri 'none'"] { #expect(policy.contains(part)) }
        #expect(!policy.contains("unsafe"))
        #expect(page.header("X-Frame-Options") == "DENY")
        #expect(page.header("X-Content-Type-Options") == "nosniff")
        #expect(page.header("Cache-Control") == "no-store")
        #expect(page.text.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(!page.text.contains("<script") && !page.text.contains("style=") && !page.text.contains(" on"))
        #expect(page.text.contains("</html>") && page.text.contains("<h1>"))
      }
      let style = try await browser.get(PageStyle.path)
      #expect(style.status == 200)
      #expect(style.header("Content-Type") == "text/css; charset=utf-8")
    }
  }

  @Test func aWrongPasswordIsToldAndThrottled() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      var page = try await browser.follow(try await browser.get(party.authorize()))
      for userName in ["ann", "ann", "ann", "ann", "ann"] {
        page = try await browser.submit(page, ["username": userName, "password": "wrong"], to: "/login")
        #expect(page.status == 403)
        #expect(page.text.contains("The user name or the password is wrong."))
        #expect(!page.text.contains("wrong\""))
      }
      page = try await browser.submit(page, ["username": "ann", "password": "secret"], to: "/login")
      #expect(page.status == 429)
      #expect(page.header("Retry-After") == "2")
      #expect(page.text.contains("Too many failed logins"))
      setup.clock.advance(by: .seconds(3))
      let answer = try await browser.submit(page, ["username": "ann", "password": "secret"], to: "/login")
      #expect(answer.status == 303)
      let unknown = TestBrowser(server)
      let asked = try await unknown.follow(try await unknown.get(party.authorize()))
      let nobody = try await unknown.submit(asked, ["username": "nobody", "password": "secret"], to: "/login")
      #expect(nobody.text.contains("The user name or the password is wrong."))
    }
  }

  /// A form that another page has sent, or a page for another browser.
  @Test func formsComeFromOurPagesAlone() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let (ann, eve) = (TestBrowser(server), TestBrowser(server))
      let login = ["username": "ann", "password": "secret"]
      let page = try await ann.follow(try await ann.get(party.authorize()))
      let other = try await eve.follow(try await eve.get(party.authorize()))
      let forgeries: [[String: String]] = [
        [:], ["form_token": ""], ["form_token": "x"], ["form_token": other.hiddenFields["form_token"] ?? ""],
      ]
      for forgery in forgeries {
        let answer = try await ann.submit(page, login.merging(forgery) { _, forged in forged }, to: "/login")
        let refused = forgery.isEmpty ? try await ann.post("/login", login) : answer
        #expect(refused.status == 403)
        #expect(refused.text.contains("This page was too old"))
        #expect(!ann.cookies.keys.contains { $0.contains("session") } || forgery.isEmpty)
        if forgery.isEmpty { ann.cookies = ann.cookies.filter { !$0.key.contains("session") } }
      }
    }
  }

  @Test func consentComesFromOurPageForThisSession() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let (ann, eve) = (TestBrowser(server), TestBrowser(server))
      let page = try await ann.signIn(at: party.authorize())
      let other = try await eve.signIn(at: party.authorize(), "admin", "admin")
      let fields = page.hiddenFields
      for forgery in [
        ["form_token": ""], ["flow": ""], ["form_token": other.hiddenFields["form_token"] ?? ""],
        ["flow": other.hiddenFields["flow"] ?? ""], ["flow": (fields["flow"] ?? "") + "A"],
      ] {
        let forged = fields.merging(["decision": "allow"]) { _, new in new }.merging(forgery) { _, new in new }
        let answer = try await ann.post("/oauth2/consent", forged)
        #expect(answer.status == 400, "\(forgery.keys)")
        #expect(answer.header("Location") == nil)
      }
      let before = ann.cookies
      setup.clock.advance(by: .seconds(1))
      _ = try await ann.signIn(at: party.authorize(["prompt": "login"]))
      let stale = try await ann.post("/oauth2/consent", fields.merging(["decision": "allow"]) { _, new in new })
      #expect(stale.status == 400, "the page was made for the session before")
      #expect(before != ann.cookies)
    }
  }

  /// Where the browser goes after a sign-in is decided by us, before it.
  @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "e30.x", "", "a.b.c"])
  func signingInLeadsNowhereElse(_ target: String) async throws {
    try await withServer { server async throws in
      _ = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let page = try await browser.get("/login?continue=" + FormEncoding.encoded(target))
      let answer = try await browser.submit(
        page, ["username": "ann", "password": "secret", "continue": target], to: "/login")
      #expect(answer.status == 303)
      #expect(answer.header("Location") == "/login")
      #expect(try await browser.get("/login").text.contains("You are signed in as ann"))
    }
  }

  @Test func whatOthersWroteIsNoHTML() async throws {
    try await withServer { server async throws in
      let evil = "\"'><img src=x onerror=alert(1)>\u{0301}<\u{0338}script>"
      let party = try await RelyingParty.registered(server)
      _ = try await server.send(
        .PUT, "/ServiceProviders/\(try await server.send(.GET, "/ServiceProviders").resources.first?.text("id") ?? "")",
        [
          "name": "app", "displayName": .string(evil),
          "inbound": [
            "openidconnect": ["clientId": "app", "redirectURIs": [.string(RelyingParty.redirectURI)]]
          ],
        ])
      let browser = TestBrowser(server)
      let page = try await browser.follow(try await browser.get(party.authorize(["login_hint": evil])))
      let again = try await browser.submit(page, ["username": evil, "password": "x"], to: "/login")
      let consent = try await browser.signIn(at: party.authorize())
      for page in [page, again, consent] {
        #expect(!page.text.contains("<img"))
        #expect(page.text.contains("&quot;&#39;&gt;&lt;img"))
        #expect(!page.text.unicodeScalars.contains("\u{0338}") || page.text.contains("&lt;\u{0338}"))
      }
    }
  }

  /// One Swift character may be a quote and a mark above it; a browser sees the quote.
  @Test(arguments: ["\"\u{0301} onfocus=x", "<\u{0338}b>", "'\u{20DD}", "&\u{0300}lt;"])
  func marksDoNotHideWhatIsHTML(_ text: String) {
    let escaped = HTMLText.escaped(text)
    #expect(!escaped.unicodeScalars.contains { "\"<'>".unicodeScalars.contains($0) })
  }
}
