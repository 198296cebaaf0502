import Foundation
import Reconciliation

/// Writes a run into the journal and the ledger: intents before their requests are sent, facts in batches behind them.
///
/// A crash loses at most the facts that were not flushed; their intents remain, and the next pass finds the resources by
/// matching. So writes never wait for the disk one by one, and a window of requests stays full.
actor RunRecorder {
  private let run: String
  private let endpoint: String
  private let storage: any LedgerStorage
  private let now: @Sendable () -> Date
  private var facts: [JournalRecord] = []
  private var entries: [Ledger.Entry] = []
  private var forgotten: [ResourceKey] = []

  /// How many facts may wait for the disk.
  private static let batch = 256

  init(run: String, endpoint: String, storage: any LedgerStorage, now: @escaping @Sendable () -> Date) {
    self.run = run
    self.endpoint = endpoint
    self.storage = storage
    self.now = now
  }

  /// Durable when it returns.
  func intend(_ changes: [Change]) async throws {
    try await storage.append(changes.map { record($0, .intent, remoteID: $0.remoteID) })
  }

  func note(_ change: Change, _ outcome: Outcome, entry: Ledger.Entry?) async throws {
    facts.append(record(change, .fact, remoteID: outcome.remoteID ?? change.remoteID, outcome: outcome.journalText))
    if case .applied = outcome {
      if let entry { entries.append(entry) } else { forgotten.append(change.key) }
    }
    if facts.count >= Self.batch { try await flush() }
  }

  func flush() async throws {
    let (facts, entries, forgotten) = (facts, entries, forgotten)
    self.facts = []
    self.entries = []
    self.forgotten = []
    if !entries.isEmpty { try await storage.save(entries, at: endpoint) }
    if !forgotten.isEmpty { try await storage.forget(forgotten, at: endpoint) }
    if !facts.isEmpty { try await storage.append(facts) }
  }

  private func record(
    _ change: Change, _ phase: JournalRecord.Phase, remoteID: String?, outcome: String = ""
  ) -> JournalRecord {
    JournalRecord(
      run: run, time: now(), endpoint: endpoint, key: change.key, action: change.action, phase: phase,
      remoteID: remoteID, outcome: outcome)
  }
}

extension Outcome {
  var remoteID: String? { if case .applied(let id) = self { id } else { nil } }

  var journalText: String {
    switch self {
    case .applied: "applied"
    case .failed(let reason): "failed: \(reason)"
    case .skipped(let key): "skipped because of \(key)"
    case .stale: "stale"
    case .cancelled: "cancelled"
    }
  }
}
