import Foundation
import GRDB
import JSON
import LocalDirectory
import SCIM
import Testing

@testable import Stores

/// A directory of every earlier release opens with all that it holds.
struct DirectoryMigrationTests {
  /// The versions before the last.
  private static let versions = DirectorySchema.migrator.migrations.dropLast()

  /// Rows as the first release wrote them; what later versions add or change is missing.
  private static let rows = """
    INSERT INTO resource (type, id, label, version, created, modified, document) VALUES
      ('User', 'u1', 'alice', 3, 1800000000123, 1800000001000, CAST('{"userName":"Alice"}' AS BLOB)),
      ('User', 'u2', 'bob', 1, 1800000002000, 1800000002000, CAST('{"userName":"bob"}' AS BLOB)),
      ('Group', 'g1', 'staff', 1, 1800000003000, 1800000003000, CAST('{"displayName":"staff"}' AS BLOB));
    INSERT INTO membership (container, member, attribute) VALUES (3, 1, 'members'), (3, 2, 'members');
    INSERT INTO password (resource, hash) VALUES (1, 'hash');
    INSERT INTO event (time, actor, action, type, id, detail) VALUES
      (1800000000123, 'admin', 'create', 'User', 'u1', CAST('{"after":{"userName":"alice"}}' AS BLOB)),
      (1800000001000, 'admin', 'update', 'User', 'u1', CAST('
        {"before":{"userName":"alice"},"after":{"userName":"Alice"},"added":[["g1","members","u1"],["g1","members","u2"]]}
      ' AS BLOB));
    """

  private static let lookup = """
    INSERT INTO lookup (type, attribute, value, resource) VALUES
      ('User', 'userName', 'alice', 1), ('User', 'userName', 'bob', 2), ('Group', 'displayName', 'staff', 3);
    """

  private static let numberedLookup = """
    INSERT INTO lookup_attribute (number, type, attribute) VALUES (1, 'User', 'userName'), (2, 'Group', 'displayName');
    INSERT INTO lookup (attribute, value, resource) VALUES (1, 'alice', 1), (1, 'bob', 2), (2, 'staff', 3);
    """

  /// What a version and those after it write besides.
  private static let additions = [
    "v3": "INSERT INTO tally (type, span, resources) VALUES ('User', 0, 2), ('Group', 0, 1)"
  ]

  /// A file as the version wrote it.
  private func makeFile(_ path: String, _ version: String) throws {
    let queue = try DatabaseQueue(path: path)
    try DirectorySchema.migrator.migrate(queue, upTo: version)
    try queue.write { db in
      try db.execute(sql: Self.rows)
      let applied = try DirectorySchema.migrator.appliedMigrations(db)
      try db.execute(sql: applied.contains("v5") ? Self.numberedLookup : Self.lookup)
      for name in applied {
        try Self.additions[name].map { try db.execute(sql: $0) }
      }
    }
    try queue.close()
  }

  @Test(arguments: versions) func nothingIsLost(_ version: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, version)
    let store = try SQLiteDirectoryStore(path: path)
    try await store.read { reader in
      let alice = try #require(try reader.resource("User", "u1"))
      #expect(alice.attributes == ["userName": "Alice"])
      #expect(alice.version == 3)
      #expect(alice.created == Timestamp.date(milliseconds: 1_800_000_000_123))
      #expect(try reader.passwordHash(of: "u1") == "hash")
      #expect(try reader.members(of: "g1", in: "members").map(\.id) == ["u1", "u2"])
      #expect(try reader.count("User") == 2)
      #expect(try reader.page("User", offset: 1, limit: 5).map(\.id) == ["u2"])
      #expect(try reader.resources(with: LookupKey(attribute: "userName", value: "ALICE"), of: "User") == [alice])
      var recent: [String] = []
      try reader.scan("User", narrowedBy: .times(.modified, 1_800_000_001_500...Int.max)) { recent.append($0.id) }
      #expect(recent == ["u2"])
      let events = try reader.events(after: 0, limit: 9)
      #expect(events.map(\.author) == ["admin", "admin"])
      #expect(
        events.map(\.attributes) == [
          .whole(before: nil, after: ["userName": "alice"]),
          .whole(before: ["userName": "alice"], after: ["userName": "Alice"]),
        ])
      #expect(events[1].membership.added.map(\.member) == ["u1", "u2"])
    }
  }

  /// What early releases kept whole and what this one keeps in part make one history.
  @Test(arguments: versions) func historiesGoOn(_ version: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, version)
    let directory = Directory(
      store: try SQLiteDirectoryStore(path: path), catalog: .directory, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_010) }, newID: { "new" })
    let user = try #require(directory.catalog.resourceType("User"))
    let title = PatchOperation(.replace, AttributePath("title"), value: "Dr")
    _ = try await directory.patch(type: user, id: "u1", operations: [title], by: "admin")
    let changes = try await directory.changes(try await directory.events(after: 0, limit: 9))
    #expect(changes.map { $0.before?["userName"] } == [nil, "alice", "Alice"])
    #expect(changes.map { $0.after?["userName"] } == ["alice", "Alice", "Alice"])
    #expect(changes.map { $0.after?["title"] } == [nil, nil, "Dr"])
    #expect(changes.last?.event.attributes == .difference(AttributeDifference(after: ["title": "Dr"])))
  }

  /// Early releases kept `schemas`; that it is gone is no change.
  @Test func whatFollowsFromTheRestIsNoChange() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, "v4")
    let queue = try DatabaseQueue(path: path)
    let document = JSONObject([("schemas", [.string(SchemaURN.user)]), ("userName", "Alice")])
    try await queue.write { db in
      try db.execute(
        sql: "UPDATE resource SET document = ? WHERE id = 'u1'", arguments: [Data(document.serialized())])
    }
    try queue.close()
    let directory = Directory(
      store: try SQLiteDirectoryStore(path: path), catalog: .directory, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_010) }, newID: { "new" })
    let user = try #require(directory.catalog.resourceType("User"))
    let same = try await directory.replace(type: user, id: "u1", attributes: document, by: "admin")
    #expect(same.version == "W/\"3\"")
    #expect(same["schemas"] == [.string(SchemaURN.user)])
  }

  /// Every key of the index goes with its resource, although only the document says which there are.
  @Test(arguments: versions) func noKeyIsLeftBehind(_ version: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, version)
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { transaction in
      var bob = try #require(try transaction.resource("User", "u2"))
      bob.attributes = ["userName": "robert", "emails": [["value": "r@x.org"]]]
      try transaction.update(bob)
    }
    let queue = try DatabaseQueue(path: path)
    let values = "SELECT value FROM lookup ORDER BY value"
    #expect(try await queue.read { try String.fetchAll($0, sql: values) } == ["alice", "r@x.org", "robert", "staff"])
    try await store.write { transaction in
      for id in ["u1", "u2"] { try transaction.delete(id) }
    }
    #expect(try await queue.read { try String.fetchAll($0, sql: values) } == ["staff"])
  }

  @Test(arguments: versions) func whatFollowsIsCountedOn(_ version: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, version)
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { transaction in
      try transaction.delete("u1")
      let time = Date(timeIntervalSince1970: 1_800_000_010)
      for id in ["u3", "u4"] {
        try transaction.insert(
          StoredResource(type: "User", id: id, attributes: [:], version: 1, created: time, lastModified: time))
      }
      try transaction.append(
        DirectoryEvent(time: time, author: "admin", action: .delete, resourceType: "User", id: "u1"))
    }
    #expect(try await store.read { try $0.count("User") } == 3)
    #expect(try await store.read { try $0.page("User", offset: 1, limit: 5).map(\.id) } == ["u3", "u4"])
    #expect(try await store.read { try $0.events(after: 2, limit: 5).map(\.sequence) } == [3])
  }

  @Test func longNamesAreFoundAfterTheIndexWasShortened() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try makeFile(path, "v1")
    let long = String(repeating: "ä", count: 700)
    let queue = try DatabaseQueue(path: path)
    try await queue.write { db in
      let document = JSONObject([("userName", .string(long))])
      try db.execute(
        sql: "UPDATE resource SET document = ? WHERE id = 'u2'", arguments: [Data(document.serialized())])
      try db.execute(sql: "UPDATE lookup SET value = ? WHERE resource = 2", arguments: [long])
    }
    try queue.close()
    let store = try SQLiteDirectoryStore(path: path)
    let found = try await store.read {
      try $0.resources(with: LookupKey(attribute: "userName", value: long.uppercased()), of: "User")
    }
    #expect(found.map(\.id) == ["u2"])
    let other = LookupKey(attribute: "userName", value: long + "x")
    #expect(try await store.read { try $0.resources(with: other, of: "User") }.isEmpty)
  }
}
