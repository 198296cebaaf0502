import Foundation
import GRDB
import LocalDirectory

/// The directory in an SQLite file. Readers never wait for writers; concurrent writers share commits (``GroupCommit``).
package final class SQLiteDirectoryStore: SQLStore {
  package let path: String
  private let pool: DatabasePool
  private let commits: GroupCommit<SQLiteDirectoryConnection>

  /// Opens the file, or makes it and its folder.
  /// - Parameter patience: how long a write waits for another process, in seconds.
  /// - Throws: `StoreError`.
  package init(path: String, patience: TimeInterval = 5) throws {
    self.path = path
    let pool = try DatabaseFile.directory(path, patience: patience).open()
    self.pool = pool
    commits = GroupCommit { work in
      pool.asyncWriteWithoutTransaction { work(SQLiteDirectoryConnection(db: $0, path: path)) }
    }
  }

  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<SQLiteDirectoryConnection>) throws -> Value
  ) async throws -> Value {
    try readNow(body)
  }

  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<SQLiteDirectoryConnection>) throws -> Value
  ) async throws -> Value {
    do {
      return try await commits.write { try body(SQLTransaction($0)) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// Reads on the calling thread: a lookup takes microseconds, and the way to another thread and back ten times as
  /// long.
  private func readNow<Value>(_ body: (SQLTransaction<SQLiteDirectoryConnection>) throws -> Value) throws -> Value {
    do {
      return try pool.read { try body(SQLTransaction(SQLiteDirectoryConnection(db: $0, path: path))) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }
}
