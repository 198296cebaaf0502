import Foundation
import Reconciliation

extension PassEnd {
  /// What there is to see of the plan afterwards; nil when the pass did not come to one, or had to leave the endpoint to
  /// others.
  func record(at time: Date) -> PlanRecord? {
    guard let intended, let plan = intended.endpoints.first else { return nil }
    let hash = plan.changes.isEmpty ? nil : intended.hash
    switch result {
    case .unreachable, .leased, .interrupted, .broken: return nil
    case .inSync: return PlanRecord(plan, time: time, result: word, hash: hash)
    case .refused(let objections, let refused):
      return PlanRecord(plan, time: time, result: word, hash: refused, objections: objections)
    case .applied(let summary):
      return PlanRecord(
        plan, time: time, result: word, hash: hash, run: summary.run,
        outcomes: summary.endpoints.first { $0.endpoint == plan.endpoint }?.results.map(\.outcome) ?? [])
    }
  }
}
