import Foundation
import JSON
import LocalDirectory
import SCIM
import Testing

@testable import Stores

/// What only a database that servers share can show.
struct PostgreSQLDirectoryStoreTests {
  private static func user(_ id: String, _ attributes: JSONObject = [:]) -> StoredResource {
    let time = Date(timeIntervalSince1970: 1_800_000_000)
    return StoredResource(
      type: "User", id: id, attributes: attributes, version: 1, created: time, lastModified: time)
  }

  private static func event(_ id: String) -> DirectoryEvent {
    DirectoryEvent(
      time: Date(timeIntervalSince1970: 0), author: "test", action: .create, resourceType: "User", id: id)
  }

  private func withDatabase(_ body: (PostgreSQLServer, PostgreSQLAddress) async throws -> Void) async throws {
    let server = try PostgreSQLServer.shared()
    let database = try server.makeDatabase()
    defer { server.drop(database) }
    try await body(server, database)
  }

  private static func directory(_ store: any DirectoryStore, _ name: String) -> Directory {
    let numbers = Count()
    return Directory(
      store: store, catalog: .directory, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_000) }, newID: { "\(name)-\(numbers.next())" })
  }

  /// Both want the same names; a reader sees events only in their order, without gaps.
  @Test func twoServersWriteToOneDatabase() async throws {
    try await withDatabase { _, database in
      let stores = [try PostgreSQLDirectoryStore(database), try PostgreSQLDirectoryStore(database)]
      let users = try #require(SchemaCatalog.directory.resourceType("User"))
      let created = try await withThrowingTaskGroup(of: Int.self) { group in
        for (index, store) in stores.enumerated() {
          let directory = Self.directory(store, "server\(index)")
          for number in 0..<60 {
            group.addTask {
              do {
                _ = try await directory.create(
                  type: users, attributes: ["userName": .string("user\(number)")], by: "test")
                return 1
              } catch let error as SCIMError where error.status == 409 {
                return 0
              }
            }
          }
        }
        for store in stores {
          group.addTask {
            for _ in 0..<20 {
              let sequences = try await store.read { try $0.events(after: 0, limit: .max).map(\.sequence) }
              #expect(sequences == Array(1..<(sequences.count + 1)))
            }
            return 0
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(created == 60)
      for store in stores {
        try await store.read { reader in
          #expect(try reader.count("User") == 60)
          let page = try reader.page("User", after: 0, limit: .max)
          #expect(Set(page.compactMap { $0.resource.attributes["userName"]?.string }).count == 60)
          // The order of creation is that of the events.
          #expect(try reader.events(after: 0, limit: .max).map(\.id) == page.map(\.resource.id))
        }
      }
    }
  }

  @Test func serversMayStartAtTheSameTime() async throws {
    try await withDatabase { server, database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let store = try await Task.detached { try PostgreSQLDirectoryStore(database, readers: 1) }.value
            #expect(try await store.read { try $0.count("User") } == 0)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func aNewerSchemaIsRefused() async throws {
    try await withDatabase { server, database in
      _ = try PostgreSQLDirectoryStore(database)
      try server.perform("INSERT INTO rollcall.migration VALUES ('v999')", in: database)
      let error = #expect(throws: StoreError.self) { try PostgreSQLDirectoryStore(database) }
      #expect(error?.kind == .newer)
    }
  }

  @Test func anotherEncodingIsRefused() async throws {
    let server = try PostgreSQLServer.shared()
    let database = try server.makeDatabase(encoding: "SQL_ASCII")
    defer { server.drop(database) }
    let error = #expect(throws: StoreError.self) { try PostgreSQLDirectoryStore(database) }
    #expect(error?.message.contains("SQL_ASCII") == true)
  }

  @Test func connectionsThatWereLostIdleAreMadeAnew() async throws {
    try await withDatabase { server, database in
      let store = try PostgreSQLDirectoryStore(database, readers: 3)
      try await store.write { try $0.insert(Self.user("u1")) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<12 { group.addTask { _ = try await store.read { try $0.count("User") } } }
        try await group.waitForAll()
      }
      try server.perform(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """, in: database)
      #expect(try await store.read { try $0.count("User") } == 1)
      try await store.write { try $0.insert(Self.user("u2")) }
      #expect(try await store.read { try $0.count("User") } == 2)
    }
  }

  /// All that share the transaction hear of it, and none of them was made.
  @Test func aConnectionThatIsLostWithinATransactionUndoesIt() async throws {
    try await withDatabase { server, database in
      let store = try PostgreSQLDirectoryStore(database)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<10 {
          group.addTask {
            let error = await #expect(throws: StoreError.self) {
              try await store.write { transaction in
                try transaction.insert(Self.user("u\(number)"))
                try server.perform(
                  """
                  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND state = 'idle in transaction'
                  """, in: database)
                try transaction.append(Self.event("u\(number)"))
              }
            }
            #expect(error?.message.contains("was lost") == true)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.read { try $0.count("User") } == 0)
      try await store.write { try $0.insert(Self.user("u")) }
      #expect(try await store.read { try $0.count("User") } == 1)
    }
  }

  @Test func aWriterWaitsForAnotherServerOnlySoLong() async throws {
    try await withDatabase { server, database in
      let (patient, impatient) = (
        try PostgreSQLDirectoryStore(database), try PostgreSQLDirectoryStore(database, patience: 0.05)
      )
      let held = AsyncStream<Void>.makeStream()
      let release = DispatchSemaphore(value: 0)
      async let first: Void = patient.write { transaction in
        try transaction.insert(Self.user("u1"))
        held.continuation.finish()
        release.wait()
      }
      for await _ in held.stream {}
      let error = await #expect(throws: StoreError.self) {
        try await impatient.write { try $0.insert(Self.user("u2")) }
      }
      #expect(error?.kind == .locked)
      #expect(try await impatient.read { try $0.count("User") } == 0)
      release.signal()
      try await first
      try await impatient.write { try $0.insert(Self.user("u2")) }
      #expect(try await patient.read { try $0.count("User") } == 2)
    }
  }

  @Test func whatTextDoesNotHoldIsNoError() async throws {
    try await withDatabase { _, database in
      let store = try PostgreSQLDirectoryStore(database)
      let name = "a\u{0}b"
      try await store.write { try $0.insert(Self.user("u1", ["userName": .string(name), "title": "\u{0}"])) }
      #expect(try await store.read { try $0.resource("User", "u1") }?.attributes["userName"]?.string == name)
      #expect(try await store.read { try $0.resource("User", "\u{0}") } == nil)
      #expect(try await store.read { try $0.summaries(of: ["\u{0}", "u1"]).map(\.id) } == ["u1"])
      let key = LookupKey(attribute: "userName", value: name)
      #expect(try await store.read { try $0.resources(with: key, of: "User").count } == 1)
    }
  }
}
