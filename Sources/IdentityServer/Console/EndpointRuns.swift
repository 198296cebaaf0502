import Foundation
import Reconciliation

/// What was done at an endpoint last, from the journal.
struct EndpointRuns: Sendable {
  struct Run: Sendable {
    var header: RunHeader
    /// nil while it is under way, and when it broke off.
    var end: RunEnd?
  }

  private static let count = 10

  private let journal: any JournalStorage
  private let endpoint: String

  init(_ journal: any JournalStorage, at endpoint: String) {
    self.journal = journal
    self.endpoint = endpoint
  }

  /// The newest first. What stands far back in the journal is not looked for.
  func last() async throws -> [Run] {
    let journal = journal
    let walk = TrailWalk<JournalRow>(size: Self.count, sequence: \.entry.sequence) {
      try await journal.journal(after: $0, limit: $1)
    }
    var runs: [Run] = []
    var ends: [String: RunEnd] = [:]
    let head = try await journal.journalHead()
    _ = try await walk.page(before: head.sequence + 1, until: { _ in false }) { row in
      guard ["begun", "ended"].contains(row.labels.type) else { return false }
      switch try row.entry.content().line {
      case .ended(let end): ends[end.run] = end
      case .begun(let header) where header.endpoints.contains(endpoint):
        runs.append(Run(header: header, end: ends[header.run]))
        return true
      case .begun, .change, .decision: break
      }
      return false
    }
    return runs
  }
}

extension EndpointRuns.Run {
  var content: [String: PageContent] {
    [
      "time": .text(EndpointContent.time(header.time)), "verb": .text(header.verb), "actor": .text(header.actor),
      "run": .text(header.run), "commit": .optional(header.commit.map { String($0.prefix(12)) }),
      "undoes": .optional(header.undoes), "approver": .optional(header.approvedBy), "outcome": .text(outcome),
      "is_wrong": .flag(end?.outcome != .applied),
    ]
  }

  /// `partial: 2 applied, 1 failed`
  private var outcome: String {
    guard let end else { return "without an end so far" }
    let counts = end.counts
    let parts = [
      (counts.applied, "applied"), (counts.failed, "failed"), (counts.skipped, "skipped"), (counts.stale, "stale"),
      (counts.cancelled, "cancelled"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if end.outcome == .applied { return "\(counts.applied) applied" }
    return parts.isEmpty ? end.outcome.rawValue : "\(end.outcome.rawValue): \(parts.joined(separator: ", "))"
  }
}
