import Crypto
import Foundation
import JSON
import JWTKit
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

@testable import IdentityServer

/// The keys that tokens are signed with: made, published, replaced, and never talked into another algorithm.
struct SigningKeyTests {
  private func keys(_ server: ServerFixture) async throws -> [JSONValue] {
    try await server.send(.GET, url: server.origin + "/oauth2/jwks").json["keys"]?.array ?? []
  }

  @Test func keysAreMadeWhenTheyAreNeeded() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      #expect(try await setup.grants.signingKeys().isEmpty)
      let keys = try await keys(server)
      #expect(Set(keys.map { $0.text("alg") }) == ["RS256", "ES256"])
      for key in keys {
        #expect(key["use"] == "sig")
        #expect(Base64URL.decoded(key.text("kid"))?.count == 32)
        let privateParts = ["d", "p", "q", "dp", "dq", "qi", "k"].filter { key[$0] != nil }
        #expect(privateParts.isEmpty)
      }
      #expect(try await self.keys(server) == keys)
      let kept = try await setup.grants.signingKeys()
      #expect(kept.count == 2)
      #expect(kept.allSatisfy { $0.sealedKey.hasPrefix("sealed:") && !$0.sealedKey.contains("PRIVATE") })
      let events = try await setup.accessLog.accessEvents(after: 0, limit: 99)
      #expect(events.count { $0.kind == .keyMade } == 2)
    }
  }

  @Test func retiredKeysStayUntilTheirTokensAreGone() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let old = try await party.tokens().text("id_token")
      try await server.provider.keys.rotate(by: "test")
      #expect(try await keys(server).count == 4)
      let new = try await party.tokens().text("id_token")
      #expect(JWTHead(of: old)?.keyID != JWTHead(of: new)?.keyID)
      _ = try await party.verified(old)
      _ = try await party.verified(new)
      setup.clock.advance(by: .seconds(86_400))
      _ = try await party.verified(old)
      setup.clock.advance(by: .seconds(86_401))
      #expect(try await keys(server).count == 2)
      await #expect(throws: (any Error).self) { try await party.verified(old) }
      _ = try await party.verified(new)
    }
  }

  @Test func keysAreReplacedByAge() async throws {
    var setup = ServerSetup()
    setup.rotation = KeyRotation(age: 1000, retention: 500)
    try await withServer(setup) { server async throws in
      let first = try await keys(server)
      setup.clock.advance(by: .seconds(999))
      #expect(try await keys(server) == first)
      setup.clock.advance(by: .seconds(1))
      #expect(try await keys(server).count == 4)
      setup.clock.advance(by: .seconds(501))
      let second = try await keys(server)
      #expect(second.count == 2)
      #expect(Set(second).isDisjoint(with: first))
    }
  }

  @Test func serversThatStartTogetherShareTheirKeys() async throws {
    let store = InMemoryProviderStore(InMemoryTokenStore())
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_790_000_000) }
    let trail = AccessTrail(InMemoryAccessLog(), logger: LogRecorder.logger().0, now: now)
    let box = SecretBox([1, 2, 3])
    let servers = (1...4).map { _ in
      SigningKeys(store, box: box, trail: trail, maker: TestKeys.maker(), now: now)
    }
    let sets = try await withThrowingTaskGroup(of: [String].self) { group in
      for server in servers { group.addTask { try await server.current().map(\.id) } }
      return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
    }
    #expect(sets.count == 1)
    #expect(try await store.signingKeys().count == 2)
  }

  @Test func aKeyThatWasSealedWithAnotherSecretIsToldOf() async throws {
    let store = InMemoryProviderStore(InMemoryTokenStore())
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_790_000_000) }
    let trail = AccessTrail(InMemoryAccessLog(), logger: LogRecorder.logger().0, now: now)
    let first = SigningKeys(store, box: SecretBox([1]), trail: trail, maker: TestKeys.maker(), now: now)
    let token = try await first.sign(["sub": "ann"], .es256)
    let second = SigningKeys(store, box: SecretBox([2]), trail: trail, maker: TestKeys.maker(), now: now)
    let error = await #expect(throws: ServerError.self) { try await second.sign([:], .es256) }
    #expect(error?.kind == .unusableKey)
    #expect(error?.description.contains("rollcall keys rotate") == true)
    #expect(try await first.claims(of: token)?["sub"] == "ann")
  }

  /// Whoever restored the database without `secret.key` learns of it when the server starts, not when somebody signs in.
  @Test func theLogTellsOfALostSecretBeforeAnybodySignsIn() async throws {
    let store = InMemoryProviderStore(InMemoryTokenStore())
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_790_000_000) }
    let (logger, log) = LogRecorder.logger()
    let trail = AccessTrail(InMemoryAccessLog(), logger: LogRecorder.logger().0, now: now)
    try await SigningKeys(store, box: SecretBox([1]), trail: trail, maker: TestKeys.maker(), now: now).prepare()
    let keys = SigningKeys(store, box: SecretBox([2]), trail: trail, maker: TestKeys.maker(), now: now)
    let running = Task { try await SigningKeyKeeper(keys, logger: logger).run() }
    defer { running.cancel() }
    for await line in log {
      #expect(line.hasPrefix("error nothing can be signed error=the signing key"))
      #expect(line.contains("was sealed with another secret"))
      break
    }
  }

  /// A token never says how it is to be verified (RFC 8725 section 2.1): no signature, a public key as a shared secret,
  /// another algorithm's key, and keys that the token brings along.
  @Test func noTokenChoosesItsAlgorithm() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let token = try await party.tokens().text("id_token")
      let keys = server.provider.keys
      #expect(try await keys.claims(of: token)?["nonce"] == "the nonce")
      let parts = token.split(separator: ".").map(String.init)
      let head = try #require(JWTHead(of: token))
      let published = try await self.keys(server)
      let rsa = try #require(published.first { $0["kid"]?.string == head.keyID })
      let other = try #require(published.first { $0["kid"]?.string != head.keyID })
      let forgeries = [
        Self.forged(["alg": "none", "kid": .string(head.keyID)], parts[1], nil),
        Self.forged(["alg": "None", "kid": .string(head.keyID)], parts[1], nil),
        Self.forged(["alg": "HS256", "kid": .string(head.keyID)], parts[1], rsa.text("n")),
        Self.forged(["alg": "HS256", "kid": .string(head.keyID)], parts[1], rsa.text),
        Self.forged(["alg": "RS256", "kid": "unknown"], parts[1], "x"), Self.forged(["alg": "RS256"], parts[1], "x"),
        Self.forged(["alg": "RS256", "kid": .string(head.keyID), "jwk": other], parts[1], "x"),
        "\(Self.encoded(["alg": "ES256", "kid": .string(head.keyID)])).\(parts[1]).\(parts[2])",
        "\(Self.encoded(["alg": "RS256", "kid": .string(other.text("kid"))])).\(parts[1]).\(parts[2])",
        "\(parts[0]).\(Self.encoded(["sub": "admin", "aud": "app"])).\(parts[2])", "\(parts[0]).\(parts[1]).",
        "\(parts[0]).\(parts[1])", "", "..", "a.b.c.d.e",
      ]
      for forgery in forgeries {
        #expect(try await keys.claims(of: forgery) == nil, "\(forgery)")
        let answer = try await TestBrowser(server).get(party.authorize(["id_token_hint": forgery]))
        if !forgery.isEmpty { #expect(answer.redirected["error"] == "invalid_request", "\(forgery)") }
      }
    }
  }

  private static func encoded(_ object: JSONObject) -> String { Base64URL.encoded(object.serialized()) }

  /// A token with a signature by a shared secret, or with none.
  private static func forged(_ head: JSONObject, _ payload: String, _ secret: String?) -> String {
    let text = "\(encoded(head)).\(payload)"
    guard let secret else { return text + "." }
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return "\(text).\(Base64URL.encoded(Data(code)))"
  }

  @Test func claimsComeBackAsTheyWereSigned() async throws {
    let store = InMemoryProviderStore(InMemoryTokenStore())
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_790_000_000) }
    let trail = AccessTrail(InMemoryAccessLog(), logger: LogRecorder.logger().0, now: now)
    let keys = SigningKeys(store, box: SecretBox([1]), trail: trail, maker: TestKeys.maker(), now: now)
    let claims: JSONObject = [
      "text": "a\"é/\u{1F600}", "whole": 4_711, "negative": -1, "flag": true, "none": nil, "list": ["a", 1, [false]],
      "nested": ["a": ["b": ["c": 0]]], "empty": [:], "nothing": [],
    ]
    for algorithm in SignatureAlgorithm.allCases {
      #expect(try await keys.claims(of: try await keys.sign(claims, algorithm)) == claims)
    }
  }
}
