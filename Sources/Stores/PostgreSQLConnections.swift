import Foundation
import Synchronization

/// Connections to one database, each used by one thread at a time, and the threads that wait for the database, so that
/// no task of the program has to.
final class PostgreSQLConnections: Sendable {
  private let address: PostgreSQLAddress
  private let tables: PostgreSQLTables
  private let patience: TimeInterval
  private let threads: OperationQueue
  private let idle = Mutex<[PostgreSQLConnection]>([])

  /// - Parameters:
  ///   - width: the most connections at the same time.
  ///   - patience: how long a connection waits for other writers, in seconds.
  init(_ address: PostgreSQLAddress, _ tables: PostgreSQLTables, width: Int, patience: TimeInterval) {
    self.address = address
    self.tables = tables
    self.patience = patience
    threads = OperationQueue()
    threads.maxConcurrentOperationCount = width
  }

  /// Runs the closure on a thread of its own, after those that were given before.
  func submit(_ work: @escaping @Sendable (PostgreSQLConnection) -> Void) {
    threads.addOperation { self.withConnection(work) }
  }

  func run<Value: Sendable>(
    _ work: @escaping @Sendable (PostgreSQLConnection) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      submit { connection in continuation.resume(with: Result { try work(connection) }) }
    }
  }

  /// Runs the closure on the calling thread.
  func withConnection<Value>(_ work: (PostgreSQLConnection) throws -> Value) rethrows -> Value {
    let connection = idle.withLock { $0.popLast() } ?? PostgreSQLConnection(address, tables, patience: patience)
    defer {
      idle.withLock { idle in
        // When one is lost, the others are too, as a rule.
        if connection.isConnected { idle.append(connection) } else { idle.removeAll() }
      }
    }
    return try work(connection)
  }
}
