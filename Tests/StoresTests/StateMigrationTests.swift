import Foundation
import GRDB
import JSON
import LocalDirectory
import Reconciliation
import Testing

@testable import Stores

/// A state that the first release wrote opens with all that it holds, and its place is shared well.
struct StateMigrationTests {
  private static let rows = """
    INSERT INTO entry (endpoint, kind, name, remoteID, origin, applied, secretDigests, onRemoval, grace, updatedAt) VALUES
      ('slack', 'User', 'alice', 'r-1', 'created', CAST('{"userName":"alice"}' AS BLOB), CAST('{}' AS BLOB), 'Orphan',
      0.1, 821692800.7);
    INSERT INTO journal (run, time, endpoint, kind, name, action, phase, remoteID, outcome, isOpen) VALUES
      ('one', 821692800.7, 'slack', 'User', 'alice', 'create', 'intent', NULL, '', 0),
      ('one', 821692800.7, 'slack', 'User', 'bob', 'create', 'intent', NULL, '', 1),
      ('one', 821692800.7, 'slack', 'User', 'alice', 'create', 'fact', 'r-alice', 'applied', 0);
    INSERT INTO digestKey (onlyRow, key) VALUES (1, CAST('0123456789' AS BLOB));
    """

  private func firstRelease(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try StateSchema.migrator.migrate(queue, upTo: "v1")
    try queue.write { try $0.execute(sql: Self.rows) }
    try queue.close()
  }

  @Test func nothingIsLost() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    try firstRelease(path)
    let store = try SQLiteStateStore(path: path)
    let alice = try #require(try await store.ledger(of: "slack")[ResourceKey("User", "alice")])
    #expect(alice.remoteID == "r-1" && alice.applied == ["userName": "alice"])
    #expect(alice.updatedAt == Date(timeIntervalSinceReferenceDate: 821_692_800.7))
    #expect(try await store.digestKey() == Array("0123456789".utf8))
    #expect(try await store.openIntents(at: "slack") == [.sample("one", "bob", .intent)])
    let rows = try await store.journal(after: 0, limit: .max)
    #expect(
      try rows.map { try $0.entry.content().line.record } == [
        .sample("one", "alice", .intent), .sample("one", "bob", .intent), .sample("one", "alice", .fact),
      ])
    var head = JournalHead.empty
    for row in rows {
      #expect(row.entry == head.next(try row.entry.content().line))
      head = row.entry.head
    }
    #expect(try await store.journalHead() == head)
    try await store.append([.sample("two", "bob", .fact)])
    #expect(try await store.openIntents(at: "slack") == [])
  }

  @Test(arguments: [true, false]) func manyOpenAFileAtTheSameTime(_ isNew: Bool) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    if !isNew { try firstRelease(path) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          let store = try SQLiteStateStore(path: path, patience: 30)
          try await store.append([.sample("run-\(number)", "carol", .fact)])
        }
      }
      try await group.waitForAll()
    }
    #expect(try await SQLiteStateStore(path: path).journalHead().sequence == (isNew ? 8 : 11))
  }

  @Test func theJournalCannotBeChangedByAccident() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    try await SQLiteStateStore(path: path).append([.sample("one", "alice", .intent)])
    let queue = try DatabaseQueue(path: path)
    for statement in ["UPDATE journal SET run = 'two'", "DELETE FROM journal"] {
      #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: statement) } }
    }
    try queue.close()
    let server = try PostgreSQLServer.shared()
    let database = try server.makeDatabase()
    defer { server.drop(database) }
    try await PostgreSQLStateStore(database).append([.sample("one", "alice", .intent)])
    for statement in ["UPDATE", "DELETE FROM", "TRUNCATE"] {
      let end = statement == "UPDATE" ? "SET run = 'two'" : ""
      #expect(throws: StoreError.self) {
        try server.perform("\(statement) rollcall_state.journal \(end)", in: database)
      }
    }
  }

  @Test func oneDatabaseHoldsBothADirectoryAndAState() async throws {
    let server = try PostgreSQLServer.shared()
    let database = try server.makeDatabase()
    defer { server.drop(database) }
    let directory = try PostgreSQLDirectoryStore(database)
    let state = try PostgreSQLStateStore(database)
    try await directory.write { transaction in
      try transaction.append(
        DirectoryEvent(time: .now, author: "admin", action: .delete, resourceType: "User", id: "u1"))
    }
    try await state.append([.sample("one", "alice", .intent)])
    #expect(try await PostgreSQLStateStore(database).journalHead().sequence == 1)
    #expect(try await PostgreSQLDirectoryStore(database).read { try $0.events(after: 0, limit: 9).count } == 1)
    try server.perform("INSERT INTO rollcall_state.migration (name) VALUES ('v999')", in: database)
    let error = #expect(throws: StoreError.self) { try PostgreSQLStateStore(database) }
    #expect(error?.kind == .newer)
  }
}
