import Foundation
import GRDB
import LocalDirectory
import OpenID
import Stores
import Testing

/// Tokens and the record of accesses, in every store.
struct AccessStoreTests {
  private static let time = Date(timeIntervalSince1970: 1_800_000_000)

  private func use(
    _ store: StoreUnderTest, _ body: (any TokenStore, any AccessLog) async throws -> Void
  ) async throws {
    guard store != .memory else { return try await body(InMemoryTokenStore(), InMemoryAccessLog()) }
    try await store.use { opened in
      let both = try #require(opened as? any TokenStore & AccessLog)
      try await body(both, both)
    }
  }

  private func token(_ text: String, _ holder: AccessToken.Holder, expires: TimeInterval? = nil) throws -> AccessToken {
    AccessToken(
      digest: TokenSecret(text).digest, holder: holder, scopes: try Scopes(parsing: "users:read groups:read"),
      issuedAt: Self.time, expiresAt: expires.map(Self.time.addingTimeInterval))
  }

  @Test(arguments: StoreUnderTest.allCases)
  func tokensComeBackAsTheyWereKept(_ store: StoreUnderTest) async throws {
    try await use(store) { tokens, _ async throws in
      let kept = [
        try token("a", .service(name: "ci")), try token("b", .service(name: "Ci"), expires: 60.125),
        try token("c", .client(id: "app", resource: "4711"), expires: 60),
        try token("d", .client(id: "app", resource: "4711")),
      ]
      for token in kept { #expect(try await tokens.insert(token)) }
      for token in kept { #expect(try await tokens.token(with: token.digest) == token) }
      #expect(try await tokens.token(with: TokenSecret("e").digest) == nil)
      #expect(try await tokens.serviceTokens().map(\.holder.name) == ["Ci", "ci"])
    }
  }

  @Test(arguments: StoreUnderTest.allCases)
  func aNameOfAMachineIsTakenOnce(_ store: StoreUnderTest) async throws {
    try await use(store) { tokens, _ async throws in
      let first = try token("a", .service(name: "ci"))
      #expect(try await tokens.insert(first))
      #expect(try await !tokens.insert(try token("b", .service(name: "ci"))))
      #expect(try await tokens.token(with: TokenSecret("b").digest) == nil)
      #expect(try await tokens.serviceTokens() == [first])
      #expect(try await tokens.removeToken(with: first.digest))
      #expect(try await !tokens.removeToken(with: first.digest))
      #expect(try await tokens.insert(try token("b", .service(name: "ci"))))
    }
  }

  @Test(arguments: StoreUnderTest.allCases)
  func whatHasExpiredIsForgottenAndNothingElse(_ store: StoreUnderTest) async throws {
    try await use(store) { tokens, _ async throws in
      let kept = [
        try token("a", .service(name: "a"), expires: 59), try token("b", .service(name: "b"), expires: 60),
        try token("c", .service(name: "c"), expires: 61), try token("d", .service(name: "d")),
      ]
      for token in kept { _ = try await tokens.insert(token) }
      try await tokens.removeTokens(expiredBy: Self.time.addingTimeInterval(60))
      #expect(try await tokens.serviceTokens() == Array(kept.suffix(2)))
    }
  }

  @Test(arguments: StoreUnderTest.allCases)
  func accessEventsComeInTheirOrder(_ store: StoreUnderTest) async throws {
    try await use(store) { _, log async throws in
      #expect(try await log.lastAccessEvent() == 0)
      for (number, kind) in AccessEvent.Kind.allCases.enumerated() {
        let author = Author(name: "user:\(number)", address: number == 0 ? nil : "192.0.2.\(number)")
        try await log.append(AccessEvent(time: Self.time, kind: kind, author: author, detail: "detail \(number)"))
      }
      let all = try await log.accessEvents(after: 0, limit: 99)
      #expect(all.map(\.kind) == AccessEvent.Kind.allCases)
      #expect(try await log.lastAccessEvent() == all.last?.sequence)
      #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
      #expect(all.first?.author == Author(name: "user:0"))
      #expect(all.last?.author.address == "192.0.2.\(all.count - 1)")
      #expect(all.last?.detail == "detail \(all.count - 1)")
      #expect(all.allSatisfy { $0.time == Self.time })
      #expect(try await log.accessEvents(after: all[1].sequence, limit: 2) == Array(all[2...3]))
    }
  }

  /// The number after a gap stands for a hundred thousand events that strangers made.
  @Test func onlySoManyAccessEventsAreKept() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    let event = AccessEvent(time: Self.time, kind: .loginRefused, author: "user:ann")
    for _ in 1...3 { try await store.append(event) }
    let other = try DatabaseQueue(path: path)
    try await other.write { try $0.execute(sql: "UPDATE access SET sequence = 100003 WHERE sequence = 3") }
    try await store.append(event)
    #expect(try await store.accessEvents(after: 0, limit: 9).map(\.sequence) == [100_003, 100_004])
  }

  /// As the command line and a running server do.
  @Test func aTokenOfAnotherProcessIsKnownAtOnce() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let (server, command) = (try SQLiteDirectoryStore(path: path), try SQLiteDirectoryStore(path: path))
    let kept = try token("a", .service(name: "ci"))
    #expect(try await command.insert(kept))
    #expect(try await server.token(with: kept.digest) == kept)
    #expect(try await command.removeToken(with: kept.digest))
    #expect(try await server.token(with: kept.digest) == nil)
  }
}
