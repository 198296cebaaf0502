import Endpoints
import Foundation
import Reconciliation
import SCIM

/// Plans what a connector's work comes to at its endpoint; nothing but the targets of the work changes.
struct ProvisioningPlanner {
  let work: ProvisioningWork
  let declaration: EndpointDeclaration
  let capabilities: Capabilities
  let ownUserName: String?
  let now: Date

  /// nil when there is nothing to plan for.
  func plan() -> EndpointPlan? {
    let gone = work.gone
    guard !gone.isEmpty else { return plan(selecting: work.targets.isEmpty ? nil : work.targets) }
    // Groups let go of whoever leaves before that one goes: not every endpoint sees to it.
    let rest = (work.targets.isEmpty ? Set(work.desired.keys) : work.targets).subtracting(gone)
    guard let changes = plan(selecting: rest, staying: gone), var plan = plan(selecting: gone) else { return nil }
    plan.changes = changes.changes + plan.changes
    plan.adoptions += changes.adoptions
    plan.forgotten += changes.forgotten
    plan.withheld += changes.withheld
    plan.memberCounts.merge(changes.memberCounts) { first, _ in first }
    return plan
  }

  /// Which resources are to be read whole for a full pass, by kind.
  func interests() -> [String: ListingInterest] {
    InterestSurvey(prune: true).interests(
      in: DesiredState(resources: work.resources(staying: []), endpoints: [declaration]), at: declaration.name,
      capabilities, owned: ledger)
  }

  private var ledger: Ledger { Ledger(work.links.values.map(Ledger.Entry.init)) }

  private func plan(selecting targets: Set<ResourceKey>?, staying: Set<ResourceKey> = []) -> EndpointPlan? {
    let planner = Planner(
      now: now, prune: true,
      // Whoever has a new password has one that is not there yet.
      secretDigest: { _ in "new" }, selection: Selection(targets: targets))
    let observation = Observation(
      endpoint: declaration.name, capabilities: capabilities, listings: work.live, ownUserName: ownUserName)
    let state = DesiredState(resources: work.resources(staying: staying), endpoints: [declaration])
    return planner.plan(state, against: [observation], owned: [declaration.name: ledger]).endpoints.first
  }
}
