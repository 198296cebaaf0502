import GRDB
import Synchronization

/// Connections to a file that only read. Each serves one thread at a time, so there are as many as threads that have read at
/// the same time, and nobody waits for another.
final class SQLiteReaders: Sendable {
  private let file: DatabaseFile
  private let idle = Mutex<[DatabaseQueue]>([])

  init(_ file: DatabaseFile) { self.file = file }

  /// Runs the closure on the calling thread.
  /// - Throws: SQLite's error, or what the closure throws.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let reader = try idle.withLock { $0.popLast() } ?? file.openReader()
    defer { idle.withLock { $0.append(reader) } }
    return try reader.unsafeRead(body)
  }
}
