import Foundation
import GRDB
import JSON
import LocalDirectory
import Reconciliation
import Testing

@testable import Stores

/// Files that cannot be used, and how they are made.
struct DatabaseFileTests {
  private func failure(_ path: String) -> StoreError? {
    do {
      _ = try SQLiteDirectoryStore(path: path)
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private static func user(_ id: String) -> StoredResource {
    let time = Date(timeIntervalSince1970: 1_800_000_000)
    return StoredResource(
      type: "User", id: id, attributes: ["userName": .string(id)], version: 1, created: time, lastModified: time)
  }

  /// A connection of another process, which may leave a transaction open.
  private func connection(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  @Test func onlyItsOwnerMayReadAFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("deep/below/directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    // The side files are there as long as the store is.
    defer { withExtendedLifetime(store) {} }
    #expect(try permissions(path) == 0o600)
    #expect(try permissions(path + "-wal") == 0o600)
    #expect(try permissions(folder.file("deep/below")) == 0o700)
  }

  @Test func everyCommitIsDurable() throws {
    let folder = try TemporaryFolder()
    let file = DatabaseFile(
      path: folder.file("directory.sqlite"), applicationID: DirectorySchema.applicationID,
      migrator: DirectorySchema.migrator, patience: 1)
    let pool = try file.open()
    let (synchronous, journal) = try pool.writeWithoutTransaction { db in
      (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
    }
    #expect(synchronous == 2)
    #expect(journal == "wal")
  }

  @Test func whatWasWrittenIsThereWhenOpenedAgain() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { try $0.insert(Self.user("alice")) }
    let again = try SQLiteDirectoryStore(path: path)
    #expect(try await again.read { try $0.resource("User", "alice") } == Self.user("alice"))
  }

  /// Whoever copies the file alone after the process has ended has everything.
  @Test func theFileAloneIsWholeAfterTheSideFileWasMerged() async throws {
    let folder = try TemporaryFolder()
    let (path, copy) = (folder.file("directory.sqlite"), folder.file("copy.sqlite"))
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { try $0.insert(Self.user("alice")) }
    SQLiteSideFile.merge(into: path)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    #expect(try await SQLiteDirectoryStore(path: copy).read { try $0.count("User") } == 1)
    try await store.write { try $0.insert(Self.user("bob")) }
    #expect(try await store.read { try $0.count("User") } == 2)
  }

  @Test func whereNothingIsNothingIsMade() throws {
    let folder = try TemporaryFolder()
    SQLiteSideFile.merge(into: folder.file("directory.sqlite"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func whatWasNotCommittedIsNotThereWhenOpenedAgain() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { try $0.insert(Self.user("alice")) }
    let dying = try connection(path)
    try await dying.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM resource;") }
    try? dying.close()
    let again = try SQLiteDirectoryStore(path: path)
    #expect(try await again.read { try $0.count("User") } == 1)
  }

  @Test func anotherProcessLocksOnlyWrites() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path, patience: 0.01)
    let second = try SQLiteDirectoryStore(path: path, patience: 0.01)
    try await second.write { try $0.insert(Self.user("alice")) }
    let other = try connection(path)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    #expect(try await store.read { try $0.count("User") } == 1)
    let error = await #expect(throws: StoreError.self) { try await store.write { try $0.delete("alice") } }
    #expect(error?.kind == .locked)
    #expect(error?.message.contains(path) == true)
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try await store.write { try $0.delete("alice") }
    #expect(try await second.read { try $0.count("User") } == 0)
  }

  @Test func somethingElseIsNotTouched() throws {
    let folder = try TemporaryFolder()
    let text = folder.file("notes.txt")
    let content = Data(String(repeating: "not a database\n", count: 100).utf8)
    try content.write(to: URL(fileURLWithPath: text))
    #expect(failure(text)?.kind == .notADatabase)
    #expect(try Data(contentsOf: URL(fileURLWithPath: text)) == content)

    let foreign = folder.file("foreign.sqlite")
    let queue = try DatabaseQueue(path: foreign)
    try queue.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
    try queue.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: foreign))
    #expect(failure(foreign)?.kind == .notADatabase)
    #expect(try Data(contentsOf: URL(fileURLWithPath: foreign)) == before)
  }

  @Test func aStateFileIsNoDirectory() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("state.sqlite")
    _ = try SQLiteStateStore(path: path)
    #expect(failure(path)?.kind == .notADatabase)
  }

  @Test func aNewerSchemaIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    _ = try SQLiteDirectoryStore(path: path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v999')") }
    try queue.close()
    #expect(failure(path)?.kind == .newer)
  }

  @Test func aDamagedFileIsReported() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    try await { () async throws in
      let store = try SQLiteDirectoryStore(path: path)
      try await store.write { transaction in
        for number in 0..<500 { try transaction.insert(Self.user("user-\(number)")) }
      }
    }()
    let queue = try DatabaseQueue(path: path)
    try await queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try queue.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 8192..<bytes.count { bytes[index] = 0xA5 }
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = await #expect(throws: StoreError.self) {
      let store = try SQLiteDirectoryStore(path: path)
      _ = try await store.read { try $0.page("User", offset: 0, limit: .max) }
    }
    #expect(error?.kind == .corrupt)
  }

  @Test func aDocumentThatIsNoJSONIsReported() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    let store = try SQLiteDirectoryStore(path: path)
    try await store.write { try $0.insert(Self.user("alice")) }
    let queue = try DatabaseQueue(path: path)
    try await queue.write { try $0.execute(sql: "UPDATE resource SET document = x'7B'") }
    let error = await #expect(throws: StoreError.self) { try await store.read { try $0.resource("User", "alice") } }
    #expect(error?.kind == .corrupt)
    #expect(error?.message.contains("alice") == true)
  }

  @Test func aFolderThatCannotBeMadeIsReported() throws {
    let folder = try TemporaryFolder()
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("file")))
    #expect(failure(folder.file("file/below/directory.sqlite"))?.kind == .unavailable)
    #expect(failure(folder.path)?.kind == .unavailable)
  }

  /// The superuser may write everything.
  @Test(.enabled(if: geteuid() != 0)) func aFileWithoutTheRightToWriteIsReported() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("directory.sqlite")
    _ = try SQLiteDirectoryStore(path: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    #expect(failure(path)?.kind == .unavailable)
  }

  @Test(arguments: [
    (ResultCode.SQLITE_FULL, StoreError.Kind.full), (.SQLITE_BUSY, .locked), (.SQLITE_READONLY, .unavailable),
    (.SQLITE_IOERR, .unavailable), (.SQLITE_NOTADB, .notADatabase), (.SQLITE_CORRUPT, .corrupt),
  ])
  func errorsOfSQLiteHaveAKind(_ code: ResultCode, _ kind: StoreError.Kind) {
    let error = StoreError(DatabaseError(resultCode: code), path: "/state/directory.sqlite")
    #expect(error?.kind == kind)
    #expect(error?.description.contains("/state/directory.sqlite") == true)
  }
}
