import Foundation
import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryPasswordTests {
  @Test func aPasswordIsCheckedAndNeverShown() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["password": "s3cret"])
    #expect(user["password"] == nil)
    #expect(try await fixture.directory.authenticate(userName: "Alice", password: "s3cret")?.id == user.id)
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "wrong") == nil)
    #expect(try await fixture.directory.authenticate(userName: "nobody", password: "s3cret") == nil)
    let all = try await fixture.directory.events(after: 0, limit: 10)
    #expect(all.map(\.changesPassword) == [true])
    #expect(!"\(all)".contains("s3cret") && !"\(all)".contains("reversed:"))
  }

  @Test func whoIsNotActiveDoesNotGetIn() async throws {
    let fixture = try DirectoryFixture()
    _ = try await fixture.makeUser("alice", ["password": "s3cret", "active": false])
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "s3cret") == nil)
  }

  @Test func replacingWithoutAPasswordKeepsIt() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["password": "s3cret"])
    _ = try await fixture.directory.replace(
      type: fixture.user, id: user.id, attributes: ["userName": "alice", "title": "Dr"], by: "test")
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "s3cret") != nil)
  }

  @Test func patchesSetAndClearPasswords() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice")
    let path = AttributePath("password")
    _ = try await fixture.patchUser(user.id, PatchOperation(.replace, path, value: "one"))
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "one") != nil)
    _ = try await fixture.patchUser(user.id, PatchOperation(.replace, value: ["password": "two", "title": "Dr"]))
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "two")?["title"] == "Dr")
    try await fixture.directory.setPassword("three", of: user.id, by: "test")
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "three") != nil)
    _ = try await fixture.patchUser(user.id, PatchOperation(.remove, path))
    #expect(try await fixture.directory.authenticate(userName: "alice", password: "three") == nil)
    #expect(await scimError { try await fixture.directory.setPassword("", of: user.id, by: "test") }?.status == 400)
  }

  /// RFC 8265 section 4.2; with a hasher that looks at the bytes.
  @Test func aPasswordIsTheSameHoweverItIsTyped() async throws {
    let hasher = Argon2PasswordHasher(cost: Argon2PasswordHasher.Cost(memory: 64, passes: 1, lanes: 1))
    let (store, ids) = (InMemoryDirectoryStore(), Counter())
    let directory = Directory(
      store: store, catalog: .directory, passwordHasher: hasher, now: { .now }, newID: { "id-\(ids.next())" })
    let attributes: JSONObject = ["userName": "ann", "password": "caf\u{E9} au lait"]
    let ann = try await directory.create(type: try directory.catalog.named("User"), attributes: attributes, by: "test")
    for password in ["caf\u{E9} au lait", "cafe\u{301} au lait", "caf\u{E9}\u{A0}au\u{A0}lait"] {
      #expect(try await directory.authenticate(userName: "ann", password: password)?.id == ann.id)
    }
    #expect(try await directory.authenticate(userName: "ann", password: "Caf\u{E9} au lait") == nil)
    #expect(try await directory.authenticate(userName: "ann", password: "cafe au lait") == nil)

    let earlier = try await hasher.hash("cafe\u{301}")
    try await store.write { transaction in try transaction.setPasswordHash(earlier, of: ann.id) }
    #expect(try await directory.authenticate(userName: "ann", password: "cafe\u{301}")?.id == ann.id)
  }
}

struct Argon2PasswordHasherTests {
  private let hasher = Argon2PasswordHasher(
    cost: Argon2PasswordHasher.Cost(memory: 64, passes: 1, lanes: 1), salt: { Array(0..<16) })

  @Test func hashesArePHCStrings() async throws {
    let hash = try await hasher.hash("s3cret")
    #expect(hash.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$"))
    #expect(await hasher.verify("s3cret", against: hash))
    #expect(await !hasher.verify("S3cret", against: hash))
    #expect(await !hasher.verify("s3cret", against: "nonsense"))
  }

  @Test func theSystemGivesFreshSalts() async throws {
    let hasher = Argon2PasswordHasher(cost: Argon2PasswordHasher.Cost(memory: 64, passes: 1, lanes: 1))
    let (one, two) = (try await hasher.hash("s3cret"), try await hasher.hash("s3cret"))
    #expect(one != two)
  }

  @Test func parametersOutOfRangeAreRefused() async {
    let hasher = Argon2PasswordHasher(cost: Argon2PasswordHasher.Cost(memory: 1, passes: 1, lanes: 1))
    await #expect(throws: Argon2PasswordHasher.HashingFailure.self) { try await hasher.hash("s3cret") }
  }
}
