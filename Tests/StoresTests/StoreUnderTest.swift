import LocalDirectory
import Stores

/// Every store that must pass ``DirectoryStoreConformance``.
enum StoreUnderTest: String, CaseIterable, Sendable {
  case memory, sqlite, postgresql

  /// Runs the closure with a fresh, empty store.
  func use<Value>(_ body: (any DirectoryStore) async throws -> Value) async throws -> Value {
    switch self {
    case .memory:
      return try await body(InMemoryDirectoryStore())
    case .sqlite:
      let folder = try TemporaryFolder()
      defer { withExtendedLifetime(folder) {} }
      return try await body(try SQLiteDirectoryStore(path: folder.file("directory.sqlite")))
    case .postgresql:
      let server = try PostgreSQLServer.shared()
      let database = try server.makeDatabase()
      defer { server.drop(database) }
      return try await body(try PostgreSQLDirectoryStore(database, readers: 2))
    }
  }
}
