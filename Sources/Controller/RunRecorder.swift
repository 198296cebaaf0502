import Foundation
import Reconciliation

/// Puts what a run does at one endpoint into the words of the journal and the ledger, and keeps it until it is written.
///
/// Intents are written before their requests are sent, facts in batches behind them. A crash loses at most the facts
/// that were not written; their intents remain open, and the next pass finds the resources by matching.
struct RunRecorder {
  /// What is written at once.
  struct Batch: Sendable {
    var entries: [Ledger.Entry] = []
    var forgotten: [ResourceKey] = []
    var records: [JournalRecord] = []

    /// Durable when it returns. The ledger comes first: a fact in the journal says that the ledger knows of it.
    func write(to storage: any LedgerStorage, at endpoint: String) async throws {
      if !entries.isEmpty { try await storage.save(entries, at: endpoint) }
      if !forgotten.isEmpty { try await storage.forget(forgotten, at: endpoint) }
      if !records.isEmpty { try await storage.append(records) }
    }
  }

  private let run: String
  private let endpoint: String
  private let removed: Ledger
  private let now: @Sendable () -> Date
  private var batch = Batch()

  /// - Parameter removed: what the ledger knows of resources that are to be deleted.
  init(run: String, endpoint: String, removed: Ledger = Ledger(), now: @escaping @Sendable () -> Date) {
    self.run = run
    self.endpoint = endpoint
    self.removed = removed
    self.now = now
  }

  /// How many facts wait to be written.
  var waiting: Int { batch.records.count }

  mutating func intend(_ change: Change) {
    var intent = record(change, .intent, remoteID: change.remoteID)
    intent.detail = JournalRecord.Detail(
      attributes: change.attributes, reason: change.reason, source: change.source,
      removed: change.action == .delete ? removed[change.key] : nil)
    batch.records.append(intent)
  }

  mutating func note(_ change: Change, _ outcome: Outcome, entry: Ledger.Entry?) {
    if case .applied = outcome {
      if let entry { batch.entries.append(entry) } else { batch.forgotten.append(change.key) }
    }
    batch.records.append(
      record(change, .fact, remoteID: outcome.remoteID ?? change.remoteID, outcome: outcome.journalText))
  }

  /// Hands out what waits.
  mutating func take() -> Batch {
    defer { batch = Batch() }
    return batch
  }

  /// Takes back the facts of a batch that could not be written; its intents were never acted on.
  mutating func keep(_ unwritten: Batch) {
    batch.entries = unwritten.entries + batch.entries
    batch.forgotten = unwritten.forgotten + batch.forgotten
    batch.records = unwritten.records.filter { $0.phase == .fact } + batch.records
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

  fileprivate var journalText: String {
    switch self {
    case .applied: "applied"
    case .failed(let reason): "failed: \(reason)"
    case .skipped(let key): "skipped because of \(key)"
    case .stale: "stale"
    case .cancelled: "cancelled"
    }
  }
}
