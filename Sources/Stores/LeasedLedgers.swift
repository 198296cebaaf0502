import Reconciliation

/// Ledgers and the journal, written only as long as the leases of a run are the latest: each write looks at them within its
/// own transaction.
struct LeasedLedgers<Store: SQLStateStore>: LedgerStorage {
  let store: Store
  /// Empty for what needs none.
  let leases: [Lease]

  func ledger(of endpoint: String) async throws -> Ledger {
    try await store.reading { Ledger(try $0.entries(at: endpoint)) }
  }

  func save(_ entries: [Ledger.Entry], at endpoint: String) async throws {
    try await writing(at: [endpoint]) { transaction in
      for entry in entries { try transaction.save(entry, at: endpoint) }
    }
  }

  func forget(_ keys: [ResourceKey], at endpoint: String) async throws {
    try await writing(at: [endpoint]) { transaction in
      for key in keys { try transaction.forget(key, at: endpoint) }
    }
  }

  func begin(_ run: RunHeader) async throws {
    try await writing(at: Set(run.endpoints)) { try $0.append([.begun(run)]) }
  }

  func append(_ records: [JournalRecord]) async throws {
    try await writing(at: Set(records.map(\.endpoint))) { try $0.append(records.map(JournalLine.change)) }
  }

  /// Whoever lost a lease may say so.
  func end(_ run: RunEnd) async throws { try await writing(at: []) { try $0.append([.ended(run)]) } }

  func openIntents(at endpoint: String) async throws -> [JournalRecord] {
    try await store.reading { try $0.openIntents(at: endpoint) }
  }

  func digestKey() async throws -> [UInt8] {
    let fresh = store.randomKey()
    return try await store.writing { try $0.digestKey(orElse: fresh) }
  }

  /// - Throws: `LeaseError.lost`; then nothing was written.
  private func writing<Value: Sendable>(
    at endpoints: Set<String>, _ body: @escaping @Sendable (StateTransaction<Store.Connection>) throws -> Value
  ) async throws -> Value {
    let needed = leases.filter { endpoints.contains($0.endpoint) }
    return try await store.writing { transaction in
      for lease in needed { try transaction.check(lease) }
      return try body(transaction)
    }
  }
}
