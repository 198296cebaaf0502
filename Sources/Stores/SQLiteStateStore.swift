import Foundation
import GRDB
import Reconciliation

/// The state of a controller in an SQLite file, which several processes may share.
package final class SQLiteStateStore: SQLStateStore {
  package let path: String
  let randomKey: @Sendable () -> [UInt8]
  private let pool: DatabasePool
  private let file: OpenedFile
  private let commits: GroupCommit<SQLiteConnection>

  /// Opens the file, or makes it and its folder.
  /// - Parameters:
  ///   - patience: how long a write waits for another process, in seconds.
  ///   - randomKey: makes the digest key: 32 random bytes that are fit for cryptography.
  /// - Throws: `StoreError`.
  package init(
    path: String, patience: TimeInterval = 5, randomKey: @escaping @Sendable () -> [UInt8] = RandomKey.system
  ) throws {
    self.path = path
    self.randomKey = randomKey
    let pool = try DatabaseFile.state(path, patience: patience).open()
    self.pool = pool
    file = OpenedFile(path)
    commits = GroupCommit { work in
      pool.asyncWriteWithoutTransaction { work(SQLiteConnection(db: $0, path: path)) }
    }
  }

  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<SQLiteConnection>) throws -> Value
  ) async throws -> Value {
    do {
      try file.check()
      return try await pool.read { [path] in try body(StateTransaction(SQLiteConnection(db: $0, path: path))) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// - Throws: `StoreError` also when the file has gone: what would be written to it, nobody could read afterwards.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<SQLiteConnection>) throws -> Value
  ) async throws -> Value {
    do {
      try file.check()
      return try await commits.write { try body(StateTransaction($0)) }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }
}
