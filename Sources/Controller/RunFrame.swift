import Foundation
import Reconciliation

/// On whose behalf a run changes something.
package struct RunAuthor: Hashable, Sendable {
  /// The command that runs.
  package var verb: String
  /// `alice@build-7`, or the actor that a CI system names.
  package var actor: String
  /// The commit of the manifests; nil where it is not known.
  package var commit: String?
  /// The run that is taken back.
  package var undoes: String?
  /// Who let the plan pass guardrails that had refused it.
  package var approvedBy: String?

  package init(verb: String, actor: String, commit: String? = nil, undoes: String? = nil) {
    self.verb = verb
    self.actor = actor
    self.commit = commit
    self.undoes = undoes
  }
}

/// Frames a run in the journal: who began it and with which plan, and what became of it.
struct RunFrame {
  let run: String
  let author: RunAuthor
  let storage: any LedgerStorage
  let now: @Sendable () -> Date

  /// Carries the plan out; one that changes nothing leaves no trace.
  /// - Throws: what the body or the storage threw.
  func around(_ plan: Plan, _ body: () async throws -> RunSummary) async throws -> RunSummary {
    guard !plan.isEmpty else { return try await body() }
    let changed = plan.endpoints.filter { !$0.changes.isEmpty }.map(\.endpoint)
    try await storage.begin(
      RunHeader(
        run: run, time: now(), verb: author.verb, actor: author.actor, commit: author.commit, planHash: plan.hash,
        endpoints: changed, undoes: author.undoes, approvedBy: author.approvedBy))
    do {
      let summary = try await body()
      try await storage.end(RunEnd(run: run, time: now(), outcome: summary.outcome, counts: summary.counts))
      return summary
    } catch {
      // The storage may have come back; without an end, the run is seen to have broken off.
      try? await storage.end(RunEnd(run: run, time: now(), outcome: .failed))
      throw error
    }
  }
}

extension RunSummary {
  fileprivate var counts: RunEnd.Counts {
    results.reduce(into: RunEnd.Counts()) { counts, result in
      switch result.outcome {
      case .applied: counts.applied += 1
      case .failed: counts.failed += 1
      case .skipped: counts.skipped += 1
      case .stale: counts.stale += 1
      case .cancelled: counts.cancelled += 1
      }
    }
  }

  fileprivate var outcome: RunEnd.Outcome {
    if results.contains(where: { $0.outcome == .cancelled }) { return .interrupted }
    return results.allSatisfy(\.outcome.isApplied) ? .applied : .partial
  }
}
