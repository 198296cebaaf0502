import Foundation
import LocalDirectory

/// The directory in a PostgreSQL database, which several servers may share. Readers never wait for writers; writers of
/// one server share commits (``GroupCommit``), and those of several take turns.
package final class PostgreSQLDirectoryStore: SQLStore {
  let readers: PostgreSQLConnections
  let commits: GroupCommit<PostgreSQLConnection>

  /// Connects and makes the tables where they are missing.
  /// - Parameters:
  ///   - readers: how many reads run at the same time, each over a connection; one more connection writes.
  ///   - patience: how long a write waits for other servers, in seconds.
  /// - Throws: `StoreError`.
  package init(_ address: PostgreSQLAddress, readers: Int = 8, patience: TimeInterval = 5) throws {
    self.readers = PostgreSQLConnections(address, .directory, width: readers, patience: patience)
    let writer = PostgreSQLConnections(address, .directory, width: 1, patience: patience)
    commits = GroupCommit { writer.submit($0) }
    try writer.withConnection { try PostgreSQLTables.directory.migrate($0) }
  }

  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<PostgreSQLConnection>) throws -> Value
  ) async throws -> Value {
    try await readers.run { connection in try connection.inSnapshot { try body(SQLTransaction(connection)) } }
  }

  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<PostgreSQLConnection>) throws -> Value
  ) async throws -> Value {
    try await commits.write { try body(SQLTransaction($0)) }
  }
}
