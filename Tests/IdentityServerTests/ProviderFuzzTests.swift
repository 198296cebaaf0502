import Foundation
import NIOHTTP1
import OpenID
import SeededRandom
import Testing

@testable import IdentityServer

/// Requests of any kind end in a page, or at a registered address, and never bring the server down.
struct ProviderFuzzTests {
  @Test(arguments: 1...6)
  func nothingSentBringsA500OrLeadsAstray(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      if Bool.random(using: &random) { _ = try await browser.signIn(at: party.authorize()) }
      for _ in 1...40 {
        let fields = fields(&random)
        let path = Self.paths.randomElement(using: &random) ?? "/login"
        let answer =
          Bool.random(using: &random)
          ? try await browser.get("\(path)?\(FormEncoding.encoded(fields))") : try await browser.post(path, fields)
        #expect(answer.status < 500, "\(path) \(fields)")
        if let location = answer.header("Location") {
          let isOurs = location.hasPrefix("/login?continue=") || location.hasPrefix("/oauth2/authorize?flow=")
          #expect(isOurs || location.hasPrefix(RelyingParty.redirectURI + "?"), "\(location)")
          #expect(!location.contains("\n") && !location.contains("\r"))
        }
      }
    }
  }

  /// Some of a good request, some nonsense.
  private func fields(_ random: inout SplitMix64) -> [String: String] {
    let good = [
      "client_id": "app", "redirect_uri": RelyingParty.redirectURI, "response_type": "code", "scope": "openid",
      "code_challenge": CodeChallenge(of: RelyingParty.verifier).text, "code_challenge_method": "S256",
    ]
    var fields = good.filter { _ in Int.random(in: 0...9, using: &random) > 0 }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      fields[Self.names.randomElement(using: &random) ?? "x"] = Self.values.randomElement(using: &random)
    }
    return fields
  }

  private static let paths = [
    "/oauth2/authorize", "/oauth2/authorize", "/login", "/oauth2/consent", "/oidc/logout",
    "/commonauth", "/commonauth/account", "/commonauth/other",
  ]
  private static let names = [
    "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age", "flow", "continue",
    "form_token", "decision", "username", "password", "id_token_hint", "post_logout_redirect_uri", "ui_locales",
    "login_hint", "with", "response_mode", "acr_values", "code", "error", "iss", "account", "again",
  ]
  private static let values = [
    "", "none", "login", "openid profile", "https://evil.example/", "//evil.example", "e30.e30", "a.b.c", "\u{0}",
    "\r\nSet-Cookie: x=y", "\"><script>", "0", "-1", "99999999999999999999", "allow", "code", "日本\u{301}",
    "sealed:1:AAAA", "https://app.example/callback?x=y", "https://app.example/callback#",
    String(repeating: "x", count: 900),
  ]

  @Test(arguments: 1...4)
  func noContinuationIsMadeByOthers(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let cookies = Cookies(isSecure: false, port: 1)
    let browser = TestBrowserSecret.browser(cookies, &random)
    let continuation = Continuation(
      path: "/oauth2/authorize", query: "a=b", startedAt: Date(timeIntervalSince1970: 1_790_000_000.123))
    let token = browser.token(of: continuation)
    #expect(browser.continuation(token) == continuation)
    #expect(TestBrowserSecret.browser(cookies, &random).continuation(token) == nil)
    for _ in 1...300 {
      var bytes = Array(token.utf8)
      let index = Int.random(in: bytes.indices, using: &random)
      let byte = UInt8.random(in: 0x21...0x7E, using: &random)
      guard bytes[index] != byte else { continue }
      bytes[index] = byte
      #expect(browser.continuation(String(decoding: bytes, as: UTF8.self)) == nil)
    }
  }
}
