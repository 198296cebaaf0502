import Foundation
import JSON
import LocalDirectory
import Testing

@testable import Stores

/// A directory that an earlier release made in PostgreSQL opens with all that it holds.
struct PostgreSQLMigrationTests {
  /// How many migrations an earlier release knew.
  private static let releases = Array(1..<PostgreSQLSchema.migrations.count)

  private static let rows = """
    INSERT INTO resource (type, id, label, version, created, modified, document) VALUES
      ('User', 'u1', 'alice', 3, 1800000000123, 1800000001000, '{"userName":"Alice"}'),
      ('User', 'u2', 'bob', 1, 1800000002000, 1800000002000, '{"userName":"bob"}');
    INSERT INTO tally (type, span, resources) VALUES ('User', 0, 2);
    INSERT INTO event (time, actor, action, type, id, detail) VALUES
      (1800000001000, 'admin', 'update', 'User', 'u1',
      '{"before":{"userName":"alice"},"after":{"userName":"Alice"},"added":[["g1","members","u1"],["g1","members","u2"]]}');
    """

  private static let lookup = """
    INSERT INTO lookup (type, attribute, value, resource) VALUES
      ('User', 'userName', 'alice', 1), ('User', 'userName', 'bob', 2);
    """

  private static let numberedLookup = """
    INSERT INTO lookup_attribute (type, attribute) VALUES ('User', 'userName');
    INSERT INTO lookup (attribute, value, resource) VALUES (1, 'alice', 1), (1, 'bob', 2);
    """

  /// Tables as the release left them.
  private static func tables(_ release: Int) -> String {
    let done = PostgreSQLSchema.migrations.prefix(release)
    let names = done.map { "('\($0.0)')" }.joined(separator: ", ")
    return """
      CREATE SCHEMA rollcall; SET search_path = rollcall; CREATE TABLE migration (name TEXT PRIMARY KEY);
      \(done.map { $0.1 }.joined(separator: ";"));
      INSERT INTO migration (name) VALUES \(names);
      \(rows)\(done.contains { $0.0 == "v3" } ? numberedLookup : lookup)
      """
  }

  @Test(arguments: releases) func nothingIsLost(_ release: Int) async throws {
    let server = try PostgreSQLServer.shared()
    let database = try server.makeDatabase()
    defer { server.drop(database) }
    try server.perform(Self.tables(release), in: database)
    let store = try PostgreSQLDirectoryStore(database)
    try await store.read { reader in
      let alice = try #require(try reader.resource("User", "u1"))
      #expect(try reader.resources(with: LookupKey(attribute: "userName", value: "ALICE"), of: "User") == [alice])
      var recent: [String] = []
      try reader.scan("User", narrowedBy: .times(.modified, 1_800_000_000_500...Int.max)) { recent.append($0.id) }
      #expect(recent == ["u1", "u2"])
      let event = try #require(try reader.changes(of: "u1", after: 0, limit: 9).first)
      #expect(event.attributes == .whole(before: ["userName": "alice"], after: ["userName": "Alice"]))
      #expect(event.membership.added.map(\.member) == ["u1", "u2"])
    }
    try await store.write { transaction in
      try transaction.delete("u1")
      try transaction.append(
        DirectoryEvent(time: .now, author: "admin", action: .delete, resourceType: "User", id: "u1"))
    }
    #expect(try server.column("SELECT value FROM rollcall.lookup", in: database) == ["bob"])
    #expect(try await store.read { try $0.events(after: 1, limit: 9).map(\.sequence) } == [2])
  }
}
