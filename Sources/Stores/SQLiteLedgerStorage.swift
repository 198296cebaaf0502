import Foundation
import GRDB
import Reconciliation

/// Ledgers and the journal in an SQLite file.
package final class SQLiteLedgerStorage: LedgerStorage {
  package let path: String
  private let pool: DatabasePool
  private let randomKey: @Sendable () -> [UInt8]

  /// Opens the file, or makes it and its folder.
  /// - Parameters:
  ///   - patience: how long a write waits for another process, in seconds.
  ///   - randomKey: makes the digest key: 32 random bytes that are fit for cryptography.
  /// - Throws: `StoreError`.
  package init(
    path: String, patience: TimeInterval = 5,
    randomKey: @escaping @Sendable () -> [UInt8] = SQLiteLedgerStorage.systemRandomKey
  ) throws {
    self.path = path
    self.randomKey = randomKey
    pool = try DatabaseFile(
      path: path, applicationID: LedgerSchema.applicationID, migrator: LedgerSchema.migrator, patience: patience
    ).open()
  }

  /// 32 bytes of the system's random numbers.
  package static func systemRandomKey() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  package func ledger(of endpoint: String) async throws -> Ledger {
    try await translating { [pool, path] in
      try await pool.read { Ledger(try LedgerTables(db: $0, path: path).entries(at: endpoint)) }
    }
  }

  package func save(_ entries: [Ledger.Entry], at endpoint: String) async throws {
    try await write { tables in
      for entry in entries { try tables.save(entry, at: endpoint) }
    }
  }

  package func forget(_ keys: [ResourceKey], at endpoint: String) async throws {
    try await write { tables in
      for key in keys { try tables.forget(key, at: endpoint) }
    }
  }

  package func append(_ records: [JournalRecord]) async throws {
    try await write { tables in
      for record in records { try tables.append(record) }
    }
  }

  package func openIntents(at endpoint: String) async throws -> [JournalRecord] {
    try await translating { [pool, path] in
      try await pool.read { try LedgerTables(db: $0, path: path).openIntents(at: endpoint) }
    }
  }

  package func digestKey() async throws -> [UInt8] {
    let fresh = randomKey()
    return try await write { try $0.digestKey(orElse: fresh) }
  }

  /// One durable transaction.
  private func write<Value: Sendable>(
    _ body: @escaping @Sendable (LedgerTables) throws -> Value
  ) async throws -> Value {
    try await translating { [pool, path] in
      try await pool.write { try body(LedgerTables(db: $0, path: path)) }
    }
  }

  private func translating<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }
}
