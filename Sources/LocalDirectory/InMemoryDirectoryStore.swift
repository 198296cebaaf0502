import OpenID
import Synchronization

/// A directory that lives as long as the process: for tests and trials, with the same behaviour as a store on disk.
package final class InMemoryDirectoryStore: DirectoryStore {
  private let tables = Mutex(DirectoryTables())
  private let access: InMemoryProviderStore?

  /// - Parameter access: the sessions and grants of the users, which end with their accounts.
  package init(access: InMemoryProviderStore? = nil) { self.access = access }

  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try body(InMemoryTransaction(tables.withLock { $0 }))
  }

  package func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value {
    try tables.withLock { tables in
      // Moved, not copied: a second reference would make the first write copy every table.
      let transaction = InMemoryTransaction(tables)
      tables = DirectoryTables()
      let outcome = Result { try body(transaction) }
      if case .failure = outcome { transaction.rollBack() }
      tables = transaction.tables
      for user in transaction.ended { access?.endAccess(ofUser: user) }
      return try outcome.get()
    }
  }
}
