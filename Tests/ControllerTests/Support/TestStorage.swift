import Reconciliation
import Synchronization

/// Any storage, with its journal kept to look at, and writes that fail.
final class TestStorage: LedgerStorage {
  struct Broken: Error {}

  private struct State {
    var writes = 0
    var journal: [JournalRecord] = []
  }

  private let base: any LedgerStorage
  private let failing: @Sendable (_ write: Int) -> Bool
  private let state = Mutex(State())

  /// - Parameter failing: which writes fail, counted from 1.
  init(_ base: any LedgerStorage, failing: @escaping @Sendable (_ write: Int) -> Bool = { _ in false }) {
    self.base = base
    self.failing = failing
  }

  var journal: [JournalRecord] { state.withLock { $0.journal } }
  var writes: Int { state.withLock { $0.writes } }

  func ledger(of endpoint: String) async throws -> Ledger { try await base.ledger(of: endpoint) }
  func openIntents(at endpoint: String) async throws -> [JournalRecord] { try await base.openIntents(at: endpoint) }
  func begin(_ run: RunHeader) async throws { try await base.begin(run) }
  func end(_ run: RunEnd) async throws { try await base.end(run) }
  func digestKey() async throws -> [UInt8] { try await base.digestKey() }

  func save(_ entries: [Ledger.Entry], at endpoint: String) async throws {
    try count()
    try await base.save(entries, at: endpoint)
  }

  func forget(_ keys: [ResourceKey], at endpoint: String) async throws {
    try count()
    try await base.forget(keys, at: endpoint)
  }

  func append(_ records: [JournalRecord]) async throws {
    try count()
    try await base.append(records)
    state.withLock { $0.journal += records }
  }

  private func count() throws {
    let number = state.withLock { state in
      state.writes += 1
      return state.writes
    }
    if failing(number) { throw Broken() }
  }
}
