import Foundation
import Reconciliation

extension Reconciler {
  /// Reads what a run has changed and plans to take it back. Sends nothing but reads.
  /// - Parameter past: what the run has applied.
  package func survey(
    undoing past: [PastChange], of run: String, _ desired: DesiredState
  ) async throws -> Survey {
    let owned = try await ledgers()
    let (observations, unreachable) = await observe { endpoint in
      // Members too, whose ids are needed to name them.
      Set(past.filter { $0.endpoint == endpoint }.map(\.key.kind))
        .union(owned[endpoint]?.entries.keys.map(\.kind) ?? []).union(["User"])
    }
    let plan = Planner(now: now(), prune: true).undo(past, of: run, desired, against: observations, owned: owned)
    return Survey(plan: plan, unreachable: unreachable)
  }
}
