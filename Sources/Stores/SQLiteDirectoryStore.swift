import Foundation
import GRDB
import LocalDirectory

/// The directory in an SQLite file. Readers never wait for writers; concurrent writers share commits (``GroupCommit``).
package final class SQLiteDirectoryStore: SQLStore {
  package let path: String
  private let pool: DatabasePool
  private let opened: OpenedFile
  /// For what is read on the calling thread.
  private let readers: SQLiteReaders
  private let commits: GroupCommit<SQLiteConnection>

  /// Opens the file, or makes it and its folder.
  /// - Parameter patience: how long a write waits for another process, in seconds.
  /// - Throws: `StoreError`.
  package init(path: String, patience: TimeInterval = 5) throws {
    self.path = path
    let file = DatabaseFile.directory(path, patience: patience)
    let pool = try file.open()
    self.pool = pool
    opened = OpenedFile(path)
    readers = SQLiteReaders(file)
    commits = GroupCommit { work in
      pool.asyncWriteWithoutTransaction { work(SQLiteConnection(db: $0, path: path)) }
    }
  }

  /// On the calling thread: a look-up takes microseconds, and the way to another thread and back several times as long.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<SQLiteConnection>) throws -> Value
  ) async throws -> Value {
    do {
      return try readers.read { db in
        let connection = SQLiteConnection(db: db, path: path)
        return try connection.inSnapshot { try body(SQLTransaction(connection)) }
      }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  package func walk<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    do {
      return try await pool.read { [path] in try body(SQLTransaction(SQLiteConnection(db: $0, path: path))) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// - Throws: `StoreError` also when the file has gone: what would be written to it, nobody could read afterwards.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<SQLiteConnection>) throws -> Value
  ) async throws -> Value {
    do {
      try opened.check()
      return try await commits.write { try body(SQLTransaction($0)) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }
}
