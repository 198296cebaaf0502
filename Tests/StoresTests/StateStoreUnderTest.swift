import Reconciliation
import Stores

/// Every store that keeps a state.
enum StateStoreUnderTest: String, CaseIterable, Sendable {
  case sqlite, postgresql

  typealias Opening = @Sendable () throws -> any StateStorage

  /// Runs the closure with a way to open one empty place again and again, as several processes do.
  func use<Value>(
    _ body: (_ open: @escaping Opening) async throws -> Value
  ) async throws -> Value {
    switch self {
    case .sqlite:
      let folder = try TemporaryFolder()
      defer { withExtendedLifetime(folder) {} }
      let path = folder.file("state.sqlite")
      return try await body { try SQLiteStateStore(path: path, patience: 30) }
    case .postgresql:
      let server = try PostgreSQLServer.shared()
      let database = try server.makeDatabase()
      defer { server.drop(database) }
      return try await body { try PostgreSQLStateStore(database, patience: 30) }
    }
  }
}
