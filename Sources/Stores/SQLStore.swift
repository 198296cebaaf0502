import LocalDirectory

/// A store whose tables the statements of ``SQLTransaction`` read and write, be they the directory's or those of the
/// access to the server. Its methods are those of the `DirectoryStore` port, over the transaction as it is.
protocol SQLStore: DirectoryStore {
  associatedtype Connection: SQLConnection

  /// Runs the closure over one consistent snapshot.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<Connection>) throws -> Value
  ) async throws -> Value

  /// Runs the closure alone among all writers; what it wrote is durable when this returns, and undone when it throws.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (SQLTransaction<Connection>) throws -> Value
  ) async throws -> Value
}

extension SQLStore {
  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try await reading { try body($0) }
  }

  package func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value {
    try await writing { try body($0) }
  }
}
