import Foundation

@testable import Reconciliation

extension World {
  /// What the journal holds of a plan that was carried out to the end; asked before that is done.
  func journal(of plan: EndpointPlan, run: String = "past") -> [PastChange] {
    PastChange.all(
      in: plan.changes.flatMap { change in
        var intent = JournalRecord(
          run: run, time: now, endpoint: declaration.name, key: change.key, action: change.action, phase: .intent,
          remoteID: change.remoteID ?? "id-\(change.key.kind)-\(change.key.name)")
        intent.detail = JournalRecord.Detail(
          attributes: change.attributes, removed: change.action == .delete ? ledger[change.key] : nil)
        var fact = intent
        fact.phase = .fact
        fact.outcome = "applied"
        return [intent, fact]
      })
  }

  /// The plan that takes these changes back.
  func undo(_ past: [PastChange], policies: [Policy] = []) -> EndpointPlan {
    let plan = Planner(now: now).undo(
      past, of: "past", DesiredState(resources: desired, endpoints: [declaration], policies: policies),
      against: [observation], owned: [declaration.name: ledger])
    return plan.endpoints.first ?? EndpointPlan(endpoint: "none", driver: .scim2)
  }
}
