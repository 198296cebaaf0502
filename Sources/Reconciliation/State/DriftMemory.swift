import Foundation
import JSON

/// What is remembered of the drift at one endpoint; no clock, no storage.
package struct DriftMemory: Hashable, Sendable {
  /// What a read changed in the memory.
  package struct News: Hashable, Sendable {
    /// The fingerprints that no earlier read had found.
    package var appeared: Set<String> = []
    /// What an earlier read had found and this one did not.
    package var gone: [DriftRecord] = []
  }

  /// When a finding was last seen is remembered to this, in seconds, and drift that stays the same measured as often: an
  /// endpoint is looked at every few minutes, and may have many accounts that are not ours.
  package static let grain: TimeInterval = 15 * 60

  /// By fingerprint.
  package private(set) var records: [String: DriftRecord]

  package init(_ records: [DriftRecord] = []) {
    self.records = Dictionary(records.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many findings there are at a moment.
  package func counts(at now: Date) -> DriftCounts {
    records.values.reduce(into: DriftCounts()) { counts, record in
      if record.acknowledgement(at: now) == nil {
        counts.open[record.finding.class, default: 0] += 1
      } else {
        counts.acknowledged += 1
      }
    }
  }

  /// The resources of which everything that was found is acknowledged.
  package func acknowledged(at now: Date) -> Set<ResourceKey> {
    let (known, open) = records.values.reduce(into: (Set<ResourceKey>(), Set<ResourceKey>())) { keys, record in
      if record.acknowledgement(at: now) == nil {
        keys.1.insert(record.finding.key)
      } else {
        keys.0.insert(record.finding.key)
      }
    }
    return known.subtracting(open)
  }

  /// Takes in what a read of the endpoint found.
  ///
  /// Acknowledgements that have ended by then are dropped; others stay for as long as their finding does.
  ///
  /// - Parameter isWhole: whether the read was complete and looked at everything. Only then is what was not found gone.
  package mutating func note(_ findings: [DriftReport.Finding], at now: Date, isWhole: Bool) -> News {
    var news = News()
    var found: Set<String> = []
    for finding in findings {
      let fingerprint = finding.fingerprint
      guard found.insert(fingerprint).inserted else { continue }
      if var known = records[fingerprint] {
        known.finding = finding
        if now.timeIntervalSince(known.lastSeen) >= Self.grain { known.lastSeen = now }
        records[fingerprint] = known
      } else {
        records[fingerprint] = DriftRecord(finding, firstSeen: now, lastSeen: now)
        news.appeared.insert(fingerprint)
      }
    }
    if isWhole { news.gone = forget { !found.contains($0.fingerprint) } }
    for (fingerprint, record) in records where record.acknowledgement(at: now) == nil {
      records[fingerprint]?.acknowledgement = nil
    }
    return news
  }

  /// Forgets the findings that a run has put an end to.
  package mutating func settle(_ results: [EndpointSummary.Result]) {
    let applied = results.filter { if case .applied = $0.outcome { true } else { false } }
    let actions = Dictionary(applied.map { ($0.change.key, $0.change.action) }, uniquingKeysWith: { first, _ in first })
    _ = forget { record in
      switch record.finding.class {
      case .missing, .changed: actions[record.finding.key] != nil
      // What was only disabled is still there.
      case .unmanaged, .foreign: actions[record.finding.key] == .delete
      }
    }
  }

  /// - Parameter acknowledgement: nil takes it back.
  /// - Returns: the record as it is now; nil when there is none of this fingerprint.
  package mutating func acknowledge(_ fingerprint: String, _ acknowledgement: Acknowledgement?) -> DriftRecord? {
    records[fingerprint]?.acknowledgement = acknowledgement
    return records[fingerprint]
  }

  /// In the order of their keys.
  private mutating func forget(where isGone: (DriftRecord) -> Bool) -> [DriftRecord] {
    let gone = records.values.filter(isGone).sorted {
      ($0.finding.key, $0.fingerprint) < ($1.finding.key, $1.fingerprint)
    }
    for record in gone { records[record.fingerprint] = nil }
    return gone
  }
}

extension ConvergenceRecords {
  /// Changes what is remembered of one endpoint.
  package func changeDriftMemory<Answer: Sendable>(
    at endpoint: String, _ change: @escaping @Sendable (inout DriftMemory) throws -> Answer
  ) async throws -> Answer {
    try await changeDriftFindings(at: endpoint) { documents in
      var memory = try DriftMemory(documents)
      let answer = try change(&memory)
      documents = memory.documents
      return answer
    }
  }

  /// Lets findings not count until a date, or takes that back. Who decided it stands in the journal first.
  /// - Parameter acknowledgement: nil takes it back.
  /// - Returns: the records as they are now, of those that are remembered.
  package func acknowledge(
    _ fingerprints: [String], at endpoint: String, _ acknowledgement: Acknowledgement?, by actor: String, at now: Date
  ) async throws -> [DriftRecord] {
    let known = try DriftMemory(try await driftFindings(at: endpoint)).records
    try await note(
      fingerprints.compactMap { known[$0] }.map { JournalDecision($0, acknowledgement, by: actor, at: now) })
    return try await changeDriftMemory(at: endpoint) { memory in
      fingerprints.compactMap { memory.acknowledge($0, acknowledgement) }
    }
  }

  /// All that is remembered, by endpoint.
  package func driftMemories() async throws -> [String: DriftMemory] {
    try await driftFindings().mapValues { try DriftMemory($0) }
  }
}

extension DriftMemory {
  /// From documents of a state store, by fingerprint.
  /// - Throws: ``PlanFormatError`` when one of them is no record.
  package init(_ documents: [String: JSONObject]) throws(PlanFormatError) {
    var records: [DriftRecord] = []
    for document in documents.values { records.append(try DriftRecord(json: document)) }
    self.init(records)
  }

  /// How a state store keeps them.
  package var documents: [String: JSONObject] { records.mapValues(\.json) }
}
