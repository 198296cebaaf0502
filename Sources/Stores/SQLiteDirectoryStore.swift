import Foundation
import GRDB
import LocalDirectory

/// The directory in an SQLite file. Readers never wait for writers; concurrent writers share commits (``GroupCommit``).
package final class SQLiteDirectoryStore: DirectoryStore {
  package let path: String
  private let pool: DatabasePool
  private let commits: GroupCommit

  /// Opens the file, or makes it and its folder.
  /// - Parameter patience: how long a write waits for another process, in seconds.
  /// - Throws: `StoreError`.
  package init(path: String, patience: TimeInterval = 5) throws {
    self.path = path
    pool = try DatabaseFile(
      path: path, applicationID: DirectorySchema.applicationID, migrator: DirectorySchema.migrator, patience: patience
    ).open()
    commits = GroupCommit(pool)
  }

  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try readNow(body)
  }

  package func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value {
    do {
      return try await commits.write { [path] db in try body(SQLiteTransaction(db, path: path)) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// Reads on the calling thread: a lookup takes microseconds, and the way to another thread and back ten times as
  /// long.
  private func readNow<Value>(_ body: (any DirectoryReader) throws -> Value) throws -> Value {
    do {
      return try pool.read { try body(SQLiteTransaction($0, path: path)) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }
}
