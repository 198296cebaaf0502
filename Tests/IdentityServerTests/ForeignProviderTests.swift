import Crypto
import CryptoExtras
import Foundation
import JSON
import JWTKit
import LocalDirectory
import OpenID
import Testing

@testable import IdentityServer

/// What a provider may do wrong or in bad faith: whatever fails a check signs nobody in and makes no account.
struct ForeignProviderTests {
  typealias Behaviour = ForeignProvider.Behaviour

  /// A way to be wrong.
  struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var change: @Sendable (inout Behaviour) -> Void = { _ in }
    /// Of the answer by the browser.
    var answer: [String: String] = [:]
    /// What the log says of it.
    let reason: String

    static func claims(_ name: String, _ reason: String, _ change: @escaping @Sendable (inout JSONObject) -> Void)
      -> Lie
    {
      Lie(testDescription: name, change: { $0.claims = change }, reason: reason)
    }

    static func signature(
      _ name: String, _ reason: String,
      _ sign: @escaping @Sendable (ForeignProvider.Keys, JSONObject) async throws -> String
    ) -> Lie {
      Lie(testDescription: name, change: { $0.sign = sign }, reason: reason)
    }
  }

  static let lies: [Lie] = [
    .claims("another issuer", "was issued by") { $0["iss"] = "https://evil.example" },
    .claims("no issuer", "was issued by nobody") { $0["iss"] = nil },
    .claims("another's audience", "meant for others") { $0["aud"] = "somebody" },
    .claims("no audience", "meant for others") { $0["aud"] = nil },
    .claims("several audiences without azp", "issued to another client") { $0["aud"] = ["rollcall", "somebody"] },
    .claims("another's azp", "issued to another client") { $0["azp"] = "somebody" },
    .claims("expired", "has expired") { $0["exp"] = .number(JSONNumber(1_789_999_939)) },
    .claims("no expiry", "does not say when") { $0["exp"] = nil },
    .claims("an expiry that is a text", "does not say when") { $0["exp"] = "1790000300" },
    .claims("not issued at a time", "does not say when") { $0["iat"] = nil },
    .claims("from the future", "from the future") { $0["iat"] = .number(JSONNumber(1_790_000_061)) },
    .claims("not good yet", "not good yet") { $0["nbf"] = .number(JSONNumber(1_790_000_061)) },
    .claims("no nonce", "not the answer") { $0["nonce"] = nil },
    .claims("another's nonce", "not the answer") { $0["nonce"] = "another" },
    .claims("nobody", "names nobody") { $0["sub"] = nil },
    .claims("an empty subject", "names nobody") { $0["sub"] = "" },
    .claims("a subject with control characters", "names nobody") { $0["sub"] = "eve\u{0}-1" },
    .claims("a subject without end", "names nobody") { $0["sub"] = .string(String(repeating: "e", count: 256)) },
    .claims("another access token", "access token beside it") { $0["at_hash"] = "x" },
    .signature("alg none", "not RS256 or ES256") { _, claims in
      unsigned(#"{"alg":"none","kid":"key-1"}"#, claims) + "."
    },
    .signature("alg None", "not RS256 or ES256") { _, claims in
      unsigned(#"{"alg":"None","kid":"key-1"}"#, claims) + "."
    },
    .signature("the public key as a shared secret", "not RS256 or ES256") { keys, claims in
      let collection = JWTKeyCollection()
      await collection.add(
        hmac: HMACKey(from: keys.rsa.publicKey.pemRepresentation), digestAlgorithm: .sha256)
      return try await collection.sign(ClaimSet(claims), kid: "key-1")
    },
    .signature("a shared secret under the name of RS256", "signature") { keys, claims in
      let message = unsigned(#"{"alg":"RS256","kid":"key-1"}"#, claims)
      let collection = JWTKeyCollection()
      await collection.add(
        hmac: HMACKey(from: keys.rsa.publicKey.pemRepresentation), digestAlgorithm: .sha256)
      let token = try await collection.sign(ClaimSet(claims), kid: "key-1")
      return message + "." + (token.split(separator: ".").last ?? "")
    },
    .signature("another's key of the same name", "signature") { _, claims in
      let others = ForeignProvider.Keys(
        rsa: try .init(keySize: .bits2048), ellipticCurve: .init())
      return try await others.signed(claims)
    },
    .signature("the elliptic key under the name of the other", "no one ES256 key") { keys, claims in
      let collection = JWTKeyCollection()
      await collection.add(ecdsa: try ES256PrivateKey(pem: keys.ellipticCurve.pemRepresentation))
      return try await collection.sign(ClaimSet(claims), kid: "key-1")
    },
    .signature("a key that nobody knows", "no one RS256 key key-9") { try await $0.signed($1, keyID: "key-9") },
    .signature("claims changed after signing", "signature") { keys, claims in
      let token = try await keys.signed(claims).split(separator: ".")
      var other = claims
      other["sub"] = "admin"
      return "\(token[0]).\(Base64URL.encoded(JSONValue.object(other).serialized())).\(token[2])"
    },
    .signature("no signature", "signature") { keys, claims in
      try await keys.signed(claims).split(separator: ".").prefix(2).joined(separator: ".") + "."
    },
    .signature("no token", "no signed token") { _, _ in "eve" },
    .signature("an access token", "of type") { try await $0.signed($1, ["typ": "at+jwt"]) },
    .signature("something that must be understood", "must be understood") {
      try await $0.signed($1, ["crit": ["exp"]])
    },
    Lie(testDescription: "no ID token", change: { $0.tokens = { $0["id_token"] = nil } }, reason: "gave no ID token"),
    Lie(testDescription: "a refusal", change: { $0.tokenStatus = 400 }, reason: "400"),
    Lie(testDescription: "a broken token endpoint", change: { $0.tokenStatus = 500 }, reason: "500"),
    Lie(testDescription: "an answer without end", change: { $0.padding = 1 << 19 }, reason: "larger"),
    Lie(
      testDescription: "a key for another algorithm",
      change: { $0.keySet = { $0[0] = $0[0].with("alg", "RS512") } }, reason: "no one RS256 key"),
    Lie(
      testDescription: "a key to encrypt with", change: { $0.keySet = { $0[0] = $0[0].with("use", "enc") } },
      reason: "no one RS256 key"),
    Lie(
      testDescription: "two keys of one name", change: { $0.keySet = { $0.append($0[0]) } },
      reason: "no one RS256 key"),
    Lie(
      testDescription: "userinfo of somebody else", change: { $0.userInfo = { $0["sub"] = "admin" } },
      reason: "somebody else"),
    Lie(
      testDescription: "userinfo of nobody", change: { $0.userInfo = { $0["sub"] = nil } }, reason: "somebody else"),
    Lie(
      testDescription: "no access token for userinfo", change: { $0.tokens = { $0["access_token"] = nil } },
      reason: "no access token"),
    Lie(testDescription: "mixed up", answer: ["iss": "https://evil.example"], reason: "comes from"),
    Lie(testDescription: "not saying who answers", answer: ["iss": ""], reason: "does not tell that it comes from"),
    Lie(testDescription: "neither code nor error", answer: ["code": ""], reason: "neither a code nor an error"),
    Lie(testDescription: "another's code", answer: ["code": "stolen"], reason: "invalid_grant"),
    Lie(
      testDescription: "an error of another", answer: ["error": "access_denied", "iss": "https://evil.example"],
      reason: "comes from"),
    Lie(testDescription: "an error", answer: ["error": "temporarily_unavailable"], reason: "temporarily_unavailable"),
    Lie(testDescription: "an unheard-of error", answer: ["error": "<b>"], reason: "answered <b>"),
  ]

  @Test(arguments: lies) func whoeverLiesSignsNobodyIn(_ lie: Lie) async throws {
    let setup = ServerSetup()
    try await ForeignLogin.run(setup) { login async throws in
      let asked = try await login.setOut()
      login.provider.behave(lie.change)
      let answer = try await login.comeBack(asked, lie.answer)
      #expect([403, 502].contains(answer.status), "\(answer.text)")
      #expect(answer.text.contains("<h1>You"))
      #expect(!answer.text.contains("<b>") && !answer.text.contains("evil.example"))
      for secret in [ForeignProvider.secret, ForeignProvider.code, "the-access-token"] {
        #expect(!answer.text.contains(secret))
      }
      #expect(!login.isSignedIn)
      #expect(try await login.server.user("eve") == nil)
      let event = try await setup.accessLog.accessEvents(after: 0, limit: 100).last
      #expect(event?.kind == .federationRefused)
      #expect(event?.detail.contains(lie.reason) == true, "\(event?.detail ?? "")")
      for secret in [ForeignProvider.secret, ForeignProvider.code, "the-access-token"] {
        #expect(event?.detail.contains(secret) != true)
      }
    }
  }

  private static func unsigned(_ head: String, _ claims: JSONObject) -> String {
    "\(Base64URL.encoded(Array(head.utf8))).\(Base64URL.encoded(JSONValue.object(claims).serialized()))"
  }

  // MARK: What is as it should be

  /// Ways to be right.
  static let truths: [Lie] = [
    Lie(testDescription: "as usual", reason: ""),
    .signature("on an elliptic curve", "") { try await $0.signedByEllipticCurve($1) },
    .signature("by the only key of its kind", "") { try await $0.signed($1, keyID: nil) },
    .claims("for several, and saying so", "") {
      $0["aud"] = ["somebody", "rollcall"]
      $0["azp"] = "rollcall"
    },
    .claims("with a clock that is slow", "") { $0["exp"] = .number(JSONNumber(1_789_999_941)) },
    .claims("with a clock that is fast", "") { $0["iat"] = .number(JSONNumber(1_790_000_060)) },
    .claims("without a digest of the access token", "") { $0["at_hash"] = nil },
  ]

  @Test(arguments: truths) func whoeverIsRightSignsSomebodyIn(_ truth: Lie) async throws {
    try await ForeignLogin.run { login async throws in
      login.provider.behave(truth.change)
      #expect(try await login.signIn().redirected["code"]?.hasPrefix("rcc_") == true)
      #expect(login.isSignedIn)
      let eve = try await login.server.user("eve")
      #expect(eve?["emails"] == [["value": "eve@other.example", "type": "work"]])
      #expect(eve?["nickName"] == "Evie", "what the ID token does not say, userinfo does")
    }
  }

  @Test(arguments: [["client_secret_post"], ["private_key_jwt", "client_secret_post"], ["client_secret_basic"]])
  func theClientProvesItselfAsTheProviderWants(_ methods: [String]) async throws {
    try await ForeignLogin.run { login async throws in
      login.provider.behave {
        $0.metadata = { $0["token_endpoint_auth_methods_supported"] = .array(methods.map(JSONValue.string)) }
      }
      #expect(try await login.signIn().redirected["code"] != nil)
    }
  }

  // MARK: Keys and metadata

  /// A key that was not there is looked for once, and not again at once.
  @Test func newKeysAreFetchedAndNotTooOften() async throws {
    let setup = ServerSetup()
    try await ForeignLogin.run(setup) { login async throws in
      #expect(try await login.signIn().redirected["code"] != nil)
      #expect(login.provider.requests("/keys") == 1)
      #expect(try await login.anew().signIn().redirected["code"] != nil)
      #expect(login.provider.requests("/keys") == 1)
      #expect(login.provider.requests("/.well-known/openid-configuration") == 1)

      login.provider.behave { behaviour in
        behaviour.keySet = { $0[0] = $0[0].with("kid", "key-7") }
        behaviour.sign = { try await $0.signed($1, keyID: "key-7") }
      }
      #expect(try await login.anew().signIn().status == 502, "the keys were read a moment ago")
      #expect(login.provider.requests("/keys") == 1)
      setup.clock.advance(by: .seconds(31))
      #expect(try await login.anew().signIn().redirected["code"] != nil)
      #expect(login.provider.requests("/keys") == 2)
      login.provider.behave { $0.sign = { try await $0.signed($1, keyID: "key-9") } }
      for _ in 1...5 { #expect(try await login.anew().signIn().status == 502) }
      #expect(login.provider.requests("/keys") == 2)
    }
  }

  static let wrongMetadata: [Lie] = [
    Lie(
      testDescription: "about another issuer", change: { $0.metadata = { $0["issuer"] = "https://evil.example" } },
      reason: "another issuer"),
    Lie(
      testDescription: "without a token endpoint", change: { $0.metadata = { $0["token_endpoint"] = nil } },
      reason: "does not tell its token_endpoint"),
    Lie(
      testDescription: "with an address that all can read",
      change: { $0.metadata = { $0["token_endpoint"] = "http://other.example/token" } }, reason: "must be https"),
    Lie(
      testDescription: "with an address that is none",
      change: { $0.metadata = { $0["jwks_uri"] = "file:///etc/passwd" } }, reason: "jwks_uri"),
  ]

  @Test(arguments: wrongMetadata) func nobodyIsSentToWhereItIsNotSafe(_ lie: Lie) async throws {
    let setup = ServerSetup()
    try await ForeignLogin.run(setup) { login async throws in
      login.provider.behave(lie.change)
      let page = try await login.browser.follow(try await login.browser.get(login.party.authorize()))
      #expect([502, 503].contains(page.status))
      #expect(page.header("Location") == nil)
      let event = try await setup.accessLog.accessEvents(after: 0, limit: 100).last
      #expect(event?.detail.contains(lie.reason) == true, "\(event?.detail ?? "")")
    }
  }

  // MARK: State

  /// An answer that this browser did not ask for (RFC 6749 section 10.12).
  @Test func anAnswerCountsInItsBrowserOnly() async throws {
    let setup = ServerSetup()
    try await ForeignLogin.run(setup) { login async throws in
      let asked = try await login.setOut()
      let state = asked["state"] ?? ""
      let victim = login.anew()
      #expect(try await victim.comeBack(asked).status == 400)
      _ = try await victim.setOut()
      #expect(try await victim.comeBack(asked).status == 400)
      #expect(!victim.isSignedIn)
      login.provider.note(asked)
      let forged = ["", "x", state + "A", String(state.dropLast()), "sealed:1:AAAA", state.lowercased()]
      for other in forged {
        #expect(try await login.comeBack(["state": other]).status == 400)
      }
      let twice = "/commonauth?code=a&code=b&state=" + FormEncoding.encoded(state)
      #expect(try await login.browser.get(twice).status == 400)
      #expect(try await login.browser.post("/commonauth", ["code": "a", "state": state]).status == 405)
      setup.clock.advance(by: .seconds(1800))
      #expect(try await login.comeBack(asked).status == 400, "it is too long ago")
      #expect(!login.isSignedIn)
    }
  }

  /// A path of its own tells the answers of a provider from those of others where it does not name itself.
  @Test func aProviderMayHaveAPathOfItsOwn() async throws {
    try await ForeignLogin.run { login async throws in
      let path = "/commonauth/other"
      try await login.change([
        "authenticators": [
          [
            "type": "openidconnect", "clientId": .string(ForeignProvider.clientID),
            "clientSecret": .string(ForeignProvider.secret), "issuer": .string(login.provider.issuer),
            "callbackURL": .string(login.server.origin + path),
          ]
        ]
      ])
      let asked = try await login.setOut()
      #expect(asked["redirect_uri"] == login.server.origin + path)
      let query = FormEncoding.encoded(["code": ForeignProvider.code, "state": asked["state"] ?? ""])
      for other in ["/commonauth", "/commonauth/another"] {
        #expect(try await login.browser.get("\(other)?\(query)").status == 400)
      }
      #expect(!login.isSignedIn)
      let answer = try await login.browser.follow(
        try await login.browser.get("\(path)?\(query)&iss=\(FormEncoding.encoded(login.provider.issuer))"))
      #expect(answer.redirected["code"] != nil)
    }
  }

  @Test(arguments: [
    ("/commonauth", true), ("/commonauth/is2", true), ("/commonauth/a.b-c", true), ("/commonauth/", false),
    ("/commonauth/account", false), ("/commonauth/a/b", false), ("/commonauth/a%2Fb", false), ("/commonauthx", false),
    ("/login", false),
  ])
  func onlyCallbacksAreCallbacks(_ path: String, _ isCallback: Bool) {
    #expect(FederationService.isCallback(path) == isCallback)
  }

  @Test func theBrowserIsAnotherOneAfterwards() async throws {
    try await ForeignLogin.run { login async throws in
      let asked = try await login.setOut()
      let before = login.browser.cookies
      #expect(try await login.comeBack(asked).redirected["code"] != nil)
      for (name, value) in before where name.contains("browser") { #expect(login.browser.cookies[name] != value) }
      #expect(try await login.comeBack(asked).status == 400, "an answer counts once")
    }
  }
}

extension JSONValue {
  fileprivate func with(_ name: String, _ value: JSONValue) -> JSONValue {
    var object = object ?? [:]
    object[name] = value
    return .object(object)
  }
}
