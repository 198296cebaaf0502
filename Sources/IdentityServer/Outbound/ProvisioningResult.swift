import Endpoints
import Foundation
import LocalDirectory
import Reconciliation

/// What became of resources that were brought to an endpoint.
struct ProvisioningResult: Sendable {
  enum Outcome: Hashable, Sendable {
    /// It is there as it should be, or gone as it should be.
    case delivered
    case failed(reason: String, retryAfter: Duration?)
    /// It waits for another resource, which failed.
    case waiting(for: ResourceKey)
  }

  private(set) var outcomes: [ResourceKey: Outcome]
  private(set) var links: [ResourceKey: ProvisioningLink] = [:]
  private(set) var unlinked: Set<ResourceKey> = []
  /// What was left to its events.
  let awaited: Set<ResourceKey>
  /// How many changes were made.
  private(set) var changes = 0
  /// What ended the work early: the outcomes of what was not tried are left out.
  var fatal: EndpointError?

  /// Everything is as it should be unless something is noted.
  init(_ work: ProvisioningWork) {
    awaited = work.awaited
    let all = work.targets.union(work.desired.keys).union(work.links.keys)
    outcomes = Dictionary(uniqueKeysWithValues: (work.targets.isEmpty ? all : work.targets).map { ($0, .delivered) })
  }

  /// Takes in what the plan says without a change.
  mutating func note(_ plan: EndpointPlan, at time: Date) {
    for var entry in plan.adoptions {
      entry.updatedAt = time
      links[entry.key] = ProvisioningLink(entry)
    }
    unlinked.formUnion(plan.forgotten)
    for withheld in plan.withheld where outcomes[withheld.key] != nil && withheld.situation != .foreign {
      outcomes[withheld.key] = .failed(reason: withheld.reason, retryAfter: nil)
    }
  }

  /// Takes in what became of a change; nil: it was not tried.
  mutating func note(_ result: ChangeRun.Result?, of change: Change, at time: Date) {
    switch result {
    case .applied(var entry?):
      changes += 1
      entry.updatedAt = time
      links[entry.key] = ProvisioningLink(entry)
      unlinked.remove(entry.key)
    case .applied(nil):
      changes += 1
      links[change.key] = nil
      unlinked.insert(change.key)
    case .failed(let error):
      outcomes[change.key] = .failed(reason: error.message, retryAfter: error.retryAfter)
    case .skipped(let cause):
      if outcomes[change.key] == .delivered { outcomes[change.key] = .waiting(for: cause) }
    case nil: outcomes[change.key] = nil
    }
  }
}
