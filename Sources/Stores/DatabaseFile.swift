import CSQLite
import Foundation
import GRDB

/// Opens a file of ours, or makes it: only its owner may read it, and a file of somebody else is never touched.
struct DatabaseFile {
  let path: String
  /// Marks the file as ours (`PRAGMA application_id`).
  let applicationID: Int32
  /// Must set the application id in its first migration.
  let migrator: DatabaseMigrator
  /// How long to wait for another process, in seconds.
  let patience: TimeInterval

  /// The file of a directory.
  static func directory(_ path: String, patience: TimeInterval) -> DatabaseFile {
    DatabaseFile(
      path: path, applicationID: DirectorySchema.applicationID, migrator: DirectorySchema.migrator, patience: patience)
  }

  /// The file of a state.
  static func state(_ path: String, patience: TimeInterval) -> DatabaseFile {
    DatabaseFile(
      path: path, applicationID: StateSchema.applicationID, migrator: StateSchema.migrator, patience: patience)
  }

  /// - Throws: `StoreError`.
  func open() throws -> DatabasePool {
    try makeFile()
    do {
      try inspect()
      let pool = try DatabasePool(path: path, configuration: configuration)
      try migrate(pool)
      // Not in the configuration: GRDB sets NORMAL on the writer after it has been prepared.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      return pool
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// Several processes may open a new file at the same time: what one of them cannot do, another may have done.
  private func migrate(_ pool: DatabasePool) throws {
    var done: Int?
    while true {
      do {
        return try migrator.migrate(pool)
      } catch {
        let now = try pool.write { try migrator.appliedIdentifiers($0).count }
        if let done, now <= done { throw error }
        done = now
      }
    }
  }

  /// A connection to a file that is there, which leaves its tables and its journal as they are.
  /// - Throws: `StoreError` or SQLite's error.
  func openAsItIs() throws -> DatabaseQueue {
    try inspect()
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// A connection that only reads, beside the pool.
  /// - Throws: SQLite's error.
  func openReader() throws -> DatabaseQueue {
    var configuration = configuration
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// SQLite counts its memory, for which all threads take one lock at every allocation, unless it is told before its first
  /// use.
  private static let memoryIsCounted = sqlite3_config_without_memory_statistics() != SQLITE_OK

  private var configuration: Configuration {
    _ = Self.memoryIsCounted
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.foreignKeysEnabled = true
    // For what reads long; each has a cache of its own, and holds what it has read.
    configuration.maximumReaderCount = 2
    // What undoes a statement within a savepoint is small, and would be a file each time.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    return configuration
  }

  /// SQLite gives its side files the rights of the main file. One that another process has made meanwhile is left as it is.
  private func makeFile() throws {
    let files = FileManager.default
    guard !files.fileExists(atPath: path) else { return }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      if !files.fileExists(atPath: folder) {
        try files.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw StoreError(
        .unavailable, "The folder \(folder) cannot be made (\(error.localizedDescription)). Name another path.")
    }
    let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    if descriptor >= 0 { close(descriptor) }
    guard descriptor >= 0 || errno == EEXIST else {
      throw StoreError(.unavailable, "\(path) cannot be made. Check that this user may write in \(folder).")
    }
  }

  /// Looks at the file over a plain connection, before a pool would switch it to write-ahead logging.
  private func inspect() throws {
    let connection = try DatabaseQueue(path: path, configuration: configuration)
    // Over one snapshot, for another process may be about to make the tables.
    try connection.inDatabase { db in
      try db.inTransaction(.deferred) {
        try inspect(db)
        return .commit
      }
    }
  }

  private func inspect(_ db: Database) throws {
    let mark = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let tables =
      try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
    guard mark == applicationID || (mark == 0 && tables == 0) else {
      throw StoreError(.notADatabase, "\(path) is an SQLite database of something else. Name another file.")
    }
    guard try !migrator.hasBeenSuperseded(db) else {
      throw StoreError(.newer, "\(path) was written by a newer rollcall. Use that release, or name another file.")
    }
  }
}
