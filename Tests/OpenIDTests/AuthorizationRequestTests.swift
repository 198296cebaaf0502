import Foundation
import JSON
import OpenID
import SeededRandom
import Testing

/// The parts of an authorization request, and of its answer.
struct AuthorizationRequestTests {
  /// RFC 7636 appendix B.
  @Test func theChallengeIsTheDigestOfTheVerifier() throws {
    let challenge = try CodeChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method: "S256")
    #expect(challenge.isAnswered(by: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
    #expect(!challenge.isAnswered(by: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"))
    #expect(!challenge.isAnswered(by: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))
    for (text, method) in [
      ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", nil), ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "plain"),
      ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "S256"), ("", "S256"), ("E9Mel", "S256"),
      ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "S256"),
    ] as [(String, String?)] {
      let error = oauthError { () throws(OAuthError) in _ = try CodeChallenge(text, method: method) }
      #expect(error?.code == .invalidRequest, "\(text) \(method ?? "")")
    }
  }

  @Test func verifiersHaveTheirLengthAndAlphabet() {
    for (text, isOne) in [
      (String(repeating: "a", count: 43), true), (String(repeating: "a", count: 42), false),
      (String(repeating: "~", count: 128), true), (String(repeating: "a", count: 129), false),
      (String(repeating: "a", count: 43) + "+", false), (String(repeating: "é", count: 50), false),
    ] {
      #expect(CodeChallenge.isVerifier(text) == isOne)
    }
  }

  @Test(
    arguments: [
      ("http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", true),
      ("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb", true),
      ("http://[::1]/cb", "http://[::1]:8080/cb", true), ("http://127.0.0.1/cb", "http://[::1]/cb", false),
      ("http://127.0.0.1/cb", "http://127.0.0.1:8080/cb2", false),
      ("http://127.0.0.1/cb", "https://127.0.0.1:1/cb", false),
      ("http://localhost/cb", "http://localhost:8080/cb", false),
      ("http://127.0.0.1", "http://127.0.0.1:80@evil", false),
      ("http://127.0.0.1/", "http://127.0.0.12:1/", false), ("http://127.0.0.1/", "http://127.0.0.1:99999/", false),
      ("http://127.0.0.1/", "http://127.0.0.1:/", false), ("https://app.example/", "https://app.example:443/", false),
    ])
  func onlyPortsOfTheLoopbackMayDiffer(_ registered: String, _ asked: String, _ matches: Bool) {
    #expect(RedirectURI(registered).matches(asked, anyPort: true) == matches)
    #expect(!RedirectURI(registered).matches(asked, anyPort: false))
    #expect(RedirectURI(registered).matches(registered, anyPort: false))
  }

  @Test func parametersAreAddedToWhatIsThere() {
    let added = [(name: "a", value: "x y&z=1"), (name: "b", value: "é")]
    for (text, expected) in [
      ("https://a.example/", "https://a.example/?a=x%20y%26z%3D1&b=%C3%A9"),
      ("https://a.example/?q=1", "https://a.example/?q=1&a=x%20y%26z%3D1&b=%C3%A9"),
      ("https://a.example/?", "https://a.example/?a=x%20y%26z%3D1&b=%C3%A9"),
    ] {
      #expect(RedirectURI(text).adding(added) == expected)
    }
    #expect(RedirectURI("com.example.app:/cb").origin == "com.example.app:")
    #expect(RedirectURI("http://localhost:8080/cb?x").origin == "http://localhost:8080")
  }

  @Test func anIDTokenSaysNoMoreThanItShould() throws {
    let time = Date(timeIntervalSince1970: 1_800_000_000)
    let grant = Grant(
      id: "g", client: "app", resource: "r", user: "u", session: "sid", scopes: try Scopes(parsing: "openid"),
      issuer: "https://id.example", redirectURI: "", challenge: nil, nonce: "n",
      authenticatedAt: time.addingTimeInterval(-60.5), methods: ["pwd"], credential: "mark", createdAt: time,
      expiresAt: time)
    let token = IDToken(
      grant, subject: "u", accessToken: TokenSecret("rca_x"), issuedAt: time.addingTimeInterval(0.9),
      claims: ["email": "a@b", "iss": "https://evil.example", "sub": "admin"])
    let payload = token.payload
    #expect(payload["iss"] == "https://id.example")
    #expect(payload["sub"] == "u")
    #expect(payload["aud"] == "app")
    #expect(payload["iat"] == 1_800_000_000)
    #expect(payload["exp"] == 1_800_003_600)
    #expect(payload["auth_time"] == 1_799_999_939)
    #expect(payload["nonce"] == "n")
    #expect(payload["email"] == "a@b")
    #expect(!payload.text.contains("mark") && !payload.text.contains("rca_x"))
  }

  /// OpenID Connect Core appendix A.3 has this token with this hash.
  @Test func theHashOfAnAccessTokenIsAsTheSpecificationHasIt() {
    #expect(IDToken.hash(TokenSecret("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")) == "77QmUPtjPfzWtF2AnpK9RQ")
  }

  @Test(arguments: 1...6) func base64ComesBackOrIsRefused(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 1...300 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = Base64URL.encoded(bytes)
      #expect(Base64URL.decoded(text) == bytes)
      let other = String(
        (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in "abAB01-_+/= é".randomElement(using: &random) })
      if let decoded = Base64URL.decoded(other) { #expect(Base64URL.encoded(decoded) == other) }
    }
  }

  /// Whatever an application registers and whatever is asked for: only what is registered matches, and an answer stays at
  /// its address.
  @Test(arguments: 1...6) func answersStayAtTheirAddress(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "https://", "http://", "127.0.0.1", "[::1]", "app.example", ":", "8080", "/", "cb", "?", "a=b", "@", "#", "\\",
      "%2f", "..",
    ]
    for _ in 1...2000 {
      let make = { (random: inout SplitMix64) in
        (0..<Int.random(in: 1...7, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      }
      let (registered, asked) = (make(&random), make(&random))
      let uri = RedirectURI(registered)
      if uri.matches(asked, anyPort: true), registered != asked {
        let hosts = ["http://127.0.0.1", "http://[::1]"].filter { registered.hasPrefix($0) }
        #expect(hosts.count == 1 && asked.hasPrefix(hosts[0]), "\(registered) \(asked)")
        #expect(!asked.dropFirst(hosts[0].count).prefix { $0 != "/" && $0 != "?" }.contains("@"))
      }
      if uri.objection == nil {
        #expect(uri.adding([("state", "x&y#z")]).hasPrefix(registered))
        #expect(URLComponents(string: uri.adding([("state", "x&y#z")]))?.fragment == nil)
      }
    }
  }

  /// RFC 9700 section 2.1: the address is the registered one, byte by byte.
  @Test(arguments: [
    ("https://app.example/Kiosk;x", "https://app.example/\u{212A}iosk;x"),
    ("https://app.example/Kiosk;x", "https://app.example/Kiosk\u{37E}x"),
    ("http://127.0.0.1/Kiosk", "http://127.0.0.1:9/\u{212A}iosk"),
  ])
  func equivalentAddressesAreOthers(_ registered: String, _ asked: String) throws {
    let client = Client(
      id: "app", resource: "r", redirectURIs: [RedirectURI(registered)], takesAnyLoopbackPort: true,
      postLogoutRedirectURIs: [registered])
    #expect(client.redirectURI(registered) != nil)
    #expect(client.redirectURI(asked) == nil)
    #expect(try LogoutRequest(["post_logout_redirect_uri": registered]).location(for: client) == registered)
    #expect(throws: OAuthError.self) {
      try LogoutRequest(["post_logout_redirect_uri": asked]).location(for: client)
    }
  }
}
