import Foundation
import LocalDirectory
import OpenID
import Testing

/// What the OpenID provider expects of every store.
struct ProviderStoreConformance {
  static let time = Date(timeIntervalSince1970: 1_800_000_000)

  let store: any ProviderStore
  let tokens: any TokenStore

  private static func session(
    _ secret: String, id: String = "s1", user: String = "u1", seen: TimeInterval = 0, expires: TimeInterval = 3600
  ) -> UserSession {
    UserSession(
      id: id, digest: TokenSecret(secret).digest, user: user, authenticatedAt: time.addingTimeInterval(0.125),
      signedInAt: time.addingTimeInterval(9.25), methods: ["pwd", "otp"],
      authenticators: ["local:basic", "federated:is 2"], credential: "mark",
      seenAt: time.addingTimeInterval(seen), expiresAt: time.addingTimeInterval(expires))
  }

  private static func grant(_ id: String, session: String = "s1", user: String = "u1", bare: Bool = false) throws
    -> Grant
  {
    Grant(
      id: id, client: "app", resource: "4711", user: user, session: session,
      scopes: try Scopes(parsing: "openid email"), issuer: "https://id.example",
      redirectURI: "https://app.example/cb", challenge: bare ? nil : CodeChallenge(of: "verifier"),
      nonce: bare ? nil : "nonce", authenticatedAt: time.addingTimeInterval(-60), methods: ["pwd"], credential: "mark",
      createdAt: time, expiresAt: time.addingTimeInterval(60))
  }

  private static func ticket(_ secret: String, _ kind: GrantTicket.Kind, of grant: String, expires: TimeInterval = 60)
    -> GrantTicket
  {
    GrantTicket(
      digest: TokenSecret(secret).digest, kind: kind, grant: grant, expiresAt: time.addingTimeInterval(expires))
  }

  private static func access(_ secret: String, of grant: String, expires: TimeInterval = 600) throws -> AccessToken {
    AccessToken(
      digest: TokenSecret(secret).digest,
      holder: .user(id: "u1", client: "app", resource: "4711", grant: grant), scopes: try Scopes(parsing: "openid"),
      issuedAt: time, expiresAt: time.addingTimeInterval(expires))
  }

  private func token(_ secret: String) async throws -> AccessToken? {
    try await tokens.token(with: TokenSecret(secret).digest)
  }

  func sessionsComeBackAndEnd() async throws {
    let sessions = [
      Self.session("a"), Self.session("b", id: "s2"), Self.session("c", id: "s3", user: "u2"),
    ]
    for session in sessions { try await store.insert(session) }
    for session in sessions { #expect(try await store.session(with: session.digest) == session) }
    try await store.touchSession(sessions[0].digest, at: Self.time.addingTimeInterval(9.5))
    #expect(try await store.session(with: sessions[0].digest)?.seenAt == Self.time.addingTimeInterval(9.5))
    for (grant, session, user) in [("g1", "s1", "u1"), ("g2", "s2", "u1"), ("g3", "s3", "u2")] {
      try await store.insert(
        try Self.grant(grant, session: session, user: user), code: Self.ticket(grant, .code, of: grant))
    }
    try await store.forgetSession(sessions[0].digest)
    #expect(try await store.session(with: sessions[0].digest) == nil)
    #expect(try await store.grant("g1") != nil)
    try await store.endSession("s1")
    #expect(try await store.grant("g1") == nil)
    #expect(try await store.grant("g2") != nil)
    try await store.endSessions(ofUser: "u1")
    #expect(try await store.session(with: sessions[1].digest) == nil)
    #expect(try await store.grant("g2") == nil)
    #expect(try await store.session(with: sessions[2].digest) != nil)
    #expect(try await store.grant("g3") != nil)
  }

  /// With the transaction of the directory that changes the account, or not at all.
  func accessEndsWithTheAccount(in directory: any DirectoryStore) async throws {
    for user in ["u1", "u2"] {
      try await store.insert(Self.session(user, id: user, user: user))
      try await store.insert(
        try Self.grant(user, session: user, user: user), code: Self.ticket(user, .code, of: user))
      #expect(
        try await store.redeem(
          TokenSecret(user).digest, for: try Self.access("a" + user, of: user),
          Self.ticket("r" + user, .refresh, of: user)))
    }
    await #expect(throws: CancellationError.self) {
      try await directory.write { transaction in
        try transaction.endAccess(of: "u1")
        throw CancellationError()
      }
    }
    #expect(try await token("au1") != nil)
    try await directory.write { try $0.endAccess(of: "u1") }
    for (user, isThere) in [("u1", false), ("u2", true)] {
      #expect(try await (store.session(with: TokenSecret(user).digest) != nil) == isThere)
      #expect(try await (store.grant(user) != nil) == isThere)
      #expect(try await (store.ticket(with: TokenSecret("r" + user).digest) != nil) == isThere)
      #expect(try await (token("a" + user) != nil) == isThere)
    }
  }

  func sessionsThatAreOverAreForgotten() async throws {
    for session in [
      Self.session("a", expires: 10), Self.session("b", id: "s2", expires: 11),
      Self.session("c", id: "s3", seen: -101), Self.session("d", id: "s4", seen: -99),
    ] { try await store.insert(session) }
    try await store.removeSessions(
      expiredBy: Self.time.addingTimeInterval(10), unseenSince: Self.time.addingTimeInterval(-100))
    for (secret, isThere) in [("a", false), ("b", true), ("c", false), ("d", true)] {
      #expect(try await (store.session(with: TokenSecret(secret).digest) != nil) == isThere, "\(secret)")
    }
  }

  func grantsComeBackAndAreRedeemedOnce() async throws {
    for (id, bare) in [("g1", false), ("g2", true)] {
      let grant = try Self.grant(id, bare: bare)
      try await store.insert(grant, code: Self.ticket("code \(id)", .code, of: id))
      let found = try #require(try await store.ticket(with: TokenSecret("code \(id)").digest))
      #expect(found.grant == grant)
      #expect(found.ticket == Self.ticket("code \(id)", .code, of: id))
      #expect(try await store.grant(id) == grant)
    }
    #expect(try await store.ticket(with: TokenSecret("unknown").digest) == nil)
    let code = TokenSecret("code g1").digest
    #expect(
      try await store.redeem(
        code, for: try Self.access("a1", of: "g1"), Self.ticket("r1", .refresh, of: "g1", expires: 900)))
    #expect(try await token("a1") == Self.access("a1", of: "g1"))
    #expect(try await store.ticket(with: code)?.ticket.isUsed == true)
    #expect(try await store.ticket(with: TokenSecret("r1").digest)?.ticket.isUsed == false)
    #expect(try await store.grant("g1")?.expiresAt == Self.time.addingTimeInterval(900))
    #expect(try await store.redeem(TokenSecret("r1").digest, for: try Self.access("a2", of: "g1"), nil))
    #expect(try await store.grant("g1")?.expiresAt == Self.time.addingTimeInterval(600))
    #expect(try await !store.redeem(code, for: try Self.access("a3", of: "g1"), nil))
    for secret in ["a1", "a2", "a3"] { #expect(try await token(secret) == nil) }
    #expect(try await store.grant("g1") == nil)
    #expect(try await store.ticket(with: TokenSecret("r1").digest) == nil)
    #expect(try await store.grant("g2") != nil)
    #expect(try await !store.redeem(TokenSecret("unknown").digest, for: try Self.access("a4", of: "g1"), nil))
    #expect(try await token("a4") == nil)
  }

  func grantsAreTakenBackAndForgotten() async throws {
    for id in ["g1", "g2", "g3"] {
      try await store.insert(try Self.grant(id), code: Self.ticket(id, .code, of: id))
      #expect(
        try await store.redeem(
          TokenSecret(id).digest, for: try Self.access("a\(id)", of: id),
          Self.ticket("r\(id)", .refresh, of: id, expires: id == "g2" ? 700 : 900)))
    }
    #expect(try await store.revokeGrant("g1"))
    #expect(try await !store.revokeGrant("g1"))
    #expect(try await token("ag1") == nil)
    #expect(try await token("ag2") != nil)
    try await store.removeGrants(expiredBy: Self.time.addingTimeInterval(700))
    #expect(try await store.grant("g2") == nil)
    #expect(try await token("ag2") == nil)
    #expect(try await store.grant("g3") != nil)
    #expect(try await store.ticket(with: TokenSecret("g3").digest) != nil, "a used code is remembered with its grant")
  }

  func oneOfManyRedeemsATicket() async throws {
    try await store.insert(try Self.grant("g1"), code: Self.ticket("code", .code, of: "g1"))
    let store = store
    let first = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...10 {
        group.addTask {
          let access = try Self.access("a\(number)", of: "g1")
          return try await store.redeem(TokenSecret("code").digest, for: access, nil) ? 1 : 0
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(first == 1)
    #expect(try await store.grant("g1") == nil)
    for number in 1...10 { #expect(try await token("a\(number)") == nil) }
  }

  func consentsAreReplaced() async throws {
    #expect(try await store.consent(of: "u1", to: "r1") == nil)
    let first = Consent(user: "u1", resource: "r1", scopes: try Scopes(parsing: "openid"), givenAt: Self.time)
    let second = Consent(
      user: "u1", resource: "r1", scopes: try Scopes(parsing: "openid email"),
      givenAt: Self.time.addingTimeInterval(1.5))
    let other = Consent(user: "u1", resource: "r2", scopes: .none, givenAt: Self.time)
    for consent in [first, other, second] { try await store.save(consent) }
    #expect(try await store.consent(of: "u1", to: "r1") == second)
    #expect(try await store.consent(of: "u1", to: "r2") == other)
    #expect(try await store.consent(of: "u2", to: "r1") == nil)
  }

  func keysAreRotated() async throws {
    let keys = [("k1", SignatureAlgorithm.rs256, 0), ("k2", .es256, 0), ("k3", .rs256, 50.5), ("k4", .rs256, 60)].map {
      SigningKey(
        id: $0.0, algorithm: $0.1, publicKey: "{}", sealedKey: "sealed", createdAt: Self.time.addingTimeInterval($0.2))
    }
    #expect(try await store.rotate(to: Array(keys[...1]), knowing: []))
    #expect(try await store.signingKeys() == Array(keys[...1]))
    #expect(try await !store.rotate(to: [keys[3]], knowing: ["k1"]), "others have made one")
    #expect(try await store.rotate(to: [keys[2]], knowing: ["k1", "k2"]))
    let kept = try await store.signingKeys()
    #expect(kept.map(\.id) == ["k1", "k2", "k3"])
    #expect(kept.map(\.retiredAt) == [Self.time.addingTimeInterval(50.5), nil, nil])
    #expect(kept.current(.rs256)?.id == "k3")
    try await store.removeSigningKeys(retiredBy: Self.time.addingTimeInterval(50))
    #expect(try await store.signingKeys().count == 3)
    try await store.removeSigningKeys(retiredBy: Self.time.addingTimeInterval(50.5))
    #expect(try await store.signingKeys().map(\.id) == ["k2", "k3"])
  }
}
