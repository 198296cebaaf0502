import Foundation
import Reconciliation

/// The state of controllers in a PostgreSQL database, which those of several machines share.
package final class PostgreSQLStateStore: SQLStateStore {
  let randomKey: @Sendable () -> [UInt8]
  private let readers: PostgreSQLConnections
  private let commits: GroupCommit<PostgreSQLConnection>

  /// Connects and makes the tables where they are missing.
  /// - Parameters:
  ///   - readers: how many reads run at the same time, each over a connection; one more connection writes.
  ///   - patience: how long a write waits for other processes, in seconds.
  ///   - randomKey: makes the digest key: 32 random bytes that are fit for cryptography.
  /// - Throws: `StoreError`.
  package init(
    _ address: PostgreSQLAddress, readers: Int = 2, patience: TimeInterval = 5,
    randomKey: @escaping @Sendable () -> [UInt8] = RandomKey.system
  ) throws {
    self.randomKey = randomKey
    self.readers = PostgreSQLConnections(address, .state, width: readers, patience: patience)
    let writer = PostgreSQLConnections(address, .state, width: 1, patience: patience)
    commits = GroupCommit { writer.submit($0) }
    try writer.withConnection { try PostgreSQLTables.state.migrate($0) }
  }

  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<PostgreSQLConnection>) throws -> Value
  ) async throws -> Value {
    try await readers.run { connection in try connection.inSnapshot { try body(StateTransaction(connection)) } }
  }

  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<PostgreSQLConnection>) throws -> Value
  ) async throws -> Value {
    try await commits.write { try body(StateTransaction($0)) }
  }
}
