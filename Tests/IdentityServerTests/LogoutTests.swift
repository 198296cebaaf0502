import Foundation
import JSON
import NIOHTTP1
import OpenID
import Testing

/// Signing out (OpenID Connect RP-Initiated Logout).
struct LogoutTests {
  private static let farewell = "https://app.example/bye"

  private func withSession(
    _ test: (ServerFixture, RelyingParty, TestBrowser, JSONValue) async throws -> Void
  ) async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(
        server, ["postLogoutRedirectURIs": [.string(Self.farewell)], "skipConsent": true])
      let browser = TestBrowser(server)
      try await test(server, party, browser, try await party.tokens([:], browser))
    }
  }

  private func logout(_ fields: [String: String]) -> String { "/oidc/logout?" + FormEncoding.encoded(fields) }

  private func isSignedIn(_ browser: TestBrowser, _ party: RelyingParty) async throws -> Bool {
    try await browser.get(party.authorize(["prompt": "none"])).redirected["code"] != nil
  }

  @Test func theApplicationSignsItsUserOut() async throws {
    try await withSession { server, party, browser, tokens async throws in
      let answer = try await browser.get(
        logout([
          "id_token_hint": tokens.text("id_token"), "post_logout_redirect_uri": Self.farewell, "state": "a b&c",
        ]))
      #expect(answer.status == 303)
      #expect(answer.header("Location") == Self.farewell + "?state=a%20b%26c")
      #expect(try await !isSignedIn(browser, party))
      #expect(browser.cookies.isEmpty)
      #expect(try await party.refresh(tokens.text("refresh_token")).json["error"] == "invalid_grant")
      #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
    }
  }

  @Test func withoutAHintTheUserIsAsked() async throws {
    try await withSession { server, party, browser, tokens async throws in
      let page = try await browser.get(logout(["client_id": "app", "post_logout_redirect_uri": Self.farewell]))
      #expect(page.status == 200)
      #expect(page.text.plainText.contains("app asks to sign you out"))
      #expect(try await isSignedIn(browser, party))
      let forged = try await browser.post("/oidc/logout", ["decision": "here", "form_token": "x"])
      #expect(forged.status == 200)
      #expect(try await isSignedIn(browser, party), "another site cannot answer for the user")
      let answer = try await browser.submit(page, ["decision": "here"], to: "/oidc/logout")
      #expect(answer.header("Location") == Self.farewell)
      #expect(try await !isSignedIn(browser, party))
    }
  }

  @Test func everywhereMeansEverywhere() async throws {
    try await withSession { server, party, browser, tokens async throws in
      let phone = TestBrowser(server)
      let onPhone = try await party.tokens([:], phone)
      let page = try await browser.get("/oidc/logout")
      let answer = try await browser.submit(page, ["decision": "everywhere"], to: "/oidc/logout")
      #expect(answer.text.contains("You are signed out"))
      for (browser, tokens) in [(browser, tokens), (phone, onPhone)] {
        #expect(try await !isSignedIn(browser, party))
        #expect(try await party.refresh(tokens.text("refresh_token")).json["error"] == "invalid_grant")
        #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
      }
    }
  }

  @Test func hereMeansHere() async throws {
    try await withSession { server, party, browser, tokens async throws in
      let phone = TestBrowser(server)
      let onPhone = try await party.tokens([:], phone)
      _ = try await browser.get(logout(["id_token_hint": tokens.text("id_token")]))
      #expect(try await !isSignedIn(browser, party))
      #expect(try await isSignedIn(phone, party))
      #expect(try await party.refresh(onPhone.text("refresh_token")).status == 200)
    }
  }

  @Test func aHintOfAnotherSessionDoesNotSignThisOneOut() async throws {
    try await withSession { server, party, browser, _ async throws in
      let other = try await party.tokens([:], TestBrowser(server))
      let page = try await browser.get(logout(["id_token_hint": other.text("id_token")]))
      #expect(page.text.contains("Sign out everywhere"))
      #expect(try await isSignedIn(browser, party))
    }
  }

  @Test func nobodyIsSentToStrangers() async throws {
    try await withSession { server, party, browser, tokens async throws in
      let hint = tokens.text("id_token")
      for fields in [
        ["id_token_hint": hint, "post_logout_redirect_uri": "https://evil.example/"],
        ["id_token_hint": hint, "post_logout_redirect_uri": Self.farewell + "/"],
        ["post_logout_redirect_uri": Self.farewell], ["id_token_hint": "a.b.c"],
        ["id_token_hint": hint, "client_id": "other"], ["id_token_hint": String(hint.dropLast(2)) + "AA"],
      ] {
        let answer = try await browser.get(logout(fields))
        #expect(answer.status == 400, "\(fields)")
        #expect(answer.header("Location") == nil)
      }
      #expect(try await isSignedIn(browser, party))
    }
  }

  @Test func whoIsNotSignedInIsSentOn() async throws {
    try await withSession { server, party, _, tokens async throws in
      let answer = try await TestBrowser(server).get(
        logout(["id_token_hint": tokens.text("id_token"), "post_logout_redirect_uri": Self.farewell]))
      #expect(answer.header("Location") == Self.farewell)
    }
  }
}
