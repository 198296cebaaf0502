import Foundation
import JSON
import Reconciliation

/// A store whose tables the statements of ``StateTransaction`` read and write.
protocol SQLStateStore: StateStorage {
  associatedtype Connection: SQLConnection & SendableMetatype

  /// Makes the digest key.
  var randomKey: @Sendable () -> [UInt8] { get }

  /// Runs the closure over one consistent snapshot.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<Connection>) throws -> Value
  ) async throws -> Value

  /// Runs the closure alone among all writers; what it wrote is durable when this returns, and undone when it throws.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (StateTransaction<Connection>) throws -> Value
  ) async throws -> Value
}

/// Where the digest key comes from.
package enum RandomKey {
  /// 32 bytes of the system's random numbers, fit for cryptography.
  @Sendable package static func system() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// Ledgers: unless it is said otherwise, written under no lease.
extension SQLStateStore {
  private var unleased: LeasedLedgers<Self> { LeasedLedgers(store: self, leases: []) }

  package func ledger(of endpoint: String) async throws -> Ledger { try await unleased.ledger(of: endpoint) }
  package func save(_ entries: [Ledger.Entry], at endpoint: String) async throws {
    try await unleased.save(entries, at: endpoint)
  }
  package func forget(_ keys: [ResourceKey], at endpoint: String) async throws {
    try await unleased.forget(keys, at: endpoint)
  }
  package func begin(_ run: RunHeader) async throws { try await unleased.begin(run) }
  package func append(_ records: [JournalRecord]) async throws { try await unleased.append(records) }
  package func end(_ run: RunEnd) async throws { try await unleased.end(run) }
  package func openIntents(at endpoint: String) async throws -> [JournalRecord] {
    try await unleased.openIntents(at: endpoint)
  }
  package func digestKey() async throws -> [UInt8] { try await unleased.digestKey() }
}

extension SQLStateStore {
  package func journalHead() async throws -> JournalHead { try await reading { try $0.journalHead() } }

  package func journal(after sequence: Int, limit: Int) async throws -> [JournalRow] {
    try await reading { try $0.journal(after: sequence, limit: limit) }
  }

  package func journal(of run: String) async throws -> [JournalRow] { try await reading { try $0.journal(of: run) } }

  package func runs() async throws -> [String] { try await reading { try $0.runs() } }

  package func frames() async throws -> [JournalRow] { try await reading { try $0.frames() } }

  package func decisions() async throws -> [JournalRow] { try await reading { try $0.decisions() } }

  package func note(_ decisions: [JournalDecision]) async throws {
    try await writing { try $0.append(decisions.map(JournalLine.decision)) }
  }

  package func intents(on kind: String, named name: String?) async throws -> [JournalRow] {
    try await reading { try $0.intents(on: kind, named: name) }
  }
}

extension SQLStateStore {
  package func acquire(
    _ endpoints: [String], for holder: LeaseHolder, lasting duration: Duration,
    evicting isGone: @escaping @Sendable (LeaseHolder) -> Bool
  ) async throws -> [Lease] {
    try await writing { try $0.acquire(endpoints, for: holder, lasting: duration, evicting: isGone) }
  }

  package func renew(_ leases: [Lease], lasting duration: Duration) async throws -> [Lease] {
    try await writing { transaction in try leases.map { try transaction.renew($0, lasting: duration) } }
  }

  package func release(_ leases: [Lease]) async throws {
    try await writing { transaction in for lease in leases { try transaction.release(lease) } }
  }

  package func leases() async throws -> [Lease] { try await reading { try $0.leases() } }
  package func lapsedLeases() async throws -> [Lease] { try await reading { try $0.lapsedLeases() } }

  package func ledgers(under leases: [Lease]) -> any LedgerStorage { LeasedLedgers(store: self, leases: leases) }
}

extension SQLStateStore {
  package func statuses() async throws -> [String: JSONObject] { try await reading { try $0.documents(.status) } }

  package func save(status: JSONObject, of endpoint: String) async throws {
    try await writing { try $0.save(status, of: endpoint, in: .status) }
  }

  package func orders() async throws -> [String: JSONObject] { try await reading { try $0.documents(.order) } }

  package func save(order: JSONObject, of endpoint: String) async throws {
    try await writing { try $0.save(order, of: endpoint, in: .order) }
  }

  package func removeOrder(of endpoint: String) async throws {
    try await writing { try $0.remove(endpoint, from: .order) }
  }

  package func plan(of endpoint: String) async throws -> JSONObject? {
    try await reading { try $0.document(of: endpoint, in: .plan) }
  }

  package func save(plan: JSONObject, of endpoint: String) async throws {
    try await writing { try $0.save(plan, of: endpoint, in: .plan) }
  }

  package func driftFindings(at endpoint: String) async throws -> [String: JSONObject] {
    try await reading { try $0.driftFindings(at: endpoint) }
  }

  package func driftFindings() async throws -> [String: [String: JSONObject]] {
    try await reading { try $0.driftFindings() }
  }

  package func changeDriftFindings<Answer: Sendable>(
    at endpoint: String, _ change: @escaping @Sendable (inout [String: JSONObject]) throws -> Answer
  ) async throws -> Answer {
    try await writing { transaction in
      let before = try transaction.driftFindings(at: endpoint)
      var after = before
      let answer = try change(&after)
      try transaction.replace(before, by: after, at: endpoint)
      return answer
    }
  }

  package func notification(named name: String) async throws -> JSONObject? {
    try await reading { try $0.notification(named: name) }
  }

  package func changeNotification<Answer: Sendable>(
    named name: String, _ change: @escaping @Sendable (inout JSONObject?) throws -> Answer
  ) async throws -> Answer {
    try await writing { transaction in
      let before = try transaction.notification(named: name)
      var after = before
      let answer = try change(&after)
      if let after, after != before { try transaction.save(notification: after, named: name) }
      return answer
    }
  }

  package func driftSamples(since time: Date) async throws -> [DriftSample] {
    try await reading { try $0.driftSamples(since: time.milliseconds) }
  }

  package func append(driftSample: DriftSample) async throws { try await writing { try $0.append(driftSample) } }

  package func dropDriftSamples(before time: Date) async throws {
    try await writing { try $0.dropDriftSamples(before: time.milliseconds) }
  }

  package func forget(endpoint: String) async throws { try await writing { try $0.forget(endpoint: endpoint) } }
}
