import Endpoints
import Foundation
import Reconciliation

extension EndpointStatus {
  /// Takes in how a pass ended, but for when the next one is due.
  mutating func end(_ end: PassEnd, begun: Date, revision: String?, controller: String, at now: Date) {
    self.revision = revision
    self.controller = controller
    lastPass = now
    lastPassBegan = begun
    failures = end.result.isTransient ? failures + 1 : 0
    refusedPlan = nil
    if let plan = end.plan {
      pending = end.pending
      withheld = plan.endpoints.flatMap(\.withheld).map { Withheld(key: $0.key, reason: $0.reason) }
      drift = end.drift?.open ?? Dictionary(plan.drift().findings.map { ($0.class, 1) }, uniquingKeysWith: +)
    }
    if let found = end.expiries { expiries = found }
    if end.isConverged { lastConvergence = now }
    for kind in [EndpointCondition.Kind.stalled, .quarantined, .reconciling] { set(kind, false, .idle, at: now) }
    judge(end, at: now)
  }

  private mutating func judge(_ end: PassEnd, at now: Date) {
    switch end.result {
    case .inSync, .applied:
      guard end.isConverged else {
        set(.reconciling, true, .retrying, at: now)
        return set(.ready, false, .partlyApplied, "\(pending.changes) changes are not in force", at: now)
      }
      let drift = end.reported.count
      let notes = [drift > 0 ? "\(drift) drifted" : "", withheld.isEmpty ? "" : "\(withheld.count) withheld"]
      set(
        .ready, true, drift > 0 ? .driftReported : .converged,
        notes.filter { !$0.isEmpty }.joined(separator: ", "), at: now)
    case .refused(let objections, let plan):
      let message = objections.map(\.message).joined(separator: "; ")
      refusedPlan = objections.allSatisfy(\.isApprovable) ? plan : nil
      set(.ready, false, .guardrail, message, at: now)
      set(.quarantined, true, .guardrail, message, at: now)
    case .unreachable(let error):
      set(.ready, false, error.reason, error.message, at: now)
      if error.isLasting {
        set(.stalled, true, error.reason, error.message, at: now)
      } else {
        set(.reconciling, true, .retrying, at: now)
      }
    case .broken(let reason):
      set(.ready, false, .stateUnavailable, reason, at: now)
      set(.reconciling, true, .retrying, at: now)
    case .leased, .interrupted: break
    }
  }
}

extension EndpointError {
  fileprivate var reason: EndpointCondition.Reason {
    switch kind {
    case .unauthorized, .forbidden: .credentialsRefused
    case .misconfigured: .misconfigured
    case .unreachable, .timedOut, .interrupted, .unavailable, .malformed, .notFound, .conflict, .stale, .tooLarge,
      .rateLimited, .rejected, .cancelled:
      .unreachable
    }
  }
}
