import Foundation
import JSON
import SCIM

/// Turns what is desired, what was seen and what is ours into a plan. The same inputs, in any order, give the same bytes.
package struct Planner: Sendable {
  let now: Date
  let prune: Bool
  let secretDigest: @Sendable (SecretReference) -> String?
  let selection: Selection

  /// - Parameters:
  ///   - now: The moment that lifecycles, memberships and graces are judged at.
  ///   - prune: Whether what was removed from the manifests may be disabled or deleted.
  ///   - secretDigest: The keyed digest of a secret's value; nil when it cannot be read.
  package init(
    now: Date, prune: Bool = false, secretDigest: @escaping @Sendable (SecretReference) -> String? = { _ in nil },
    selection: Selection = Selection()
  ) {
    self.now = now
    self.prune = prune
    self.secretDigest = secretDigest
    self.selection = selection
  }

  /// - Parameter owned: The ledgers by endpoint.
  /// - Returns: a plan for every declared endpoint that was observed and is selected.
  package func plan(_ desired: DesiredState, against observations: [Observation], owned: [String: Ledger]) -> Plan {
    let resources = desired.resources.isSorted ? desired.resources : desired.resources.sorted { $0.key < $1.key }
    let observed = Dictionary(observations.map { ($0.endpoint, $0) }, uniquingKeysWith: { first, _ in first })
    let outlook = desired.policies.isEmpty ? nil : PolicyOutlook(desired.policies, resources)
    let plans = desired.endpoints.sorted { $0.name < $1.name }.compactMap { declaration -> EndpointPlan? in
      guard let observation = observed[declaration.name], selection.endpoints?.contains(declaration.name) ?? true else {
        return nil
      }
      var pass = EndpointPass(
        planner: self, declaration: declaration, observation: observation, ledger: owned[declaration.name] ?? Ledger())
      let plan = pass.plan(resources)
      return outlook?.judging(plan) ?? plan
    }
    return Plan(endpoints: plans)
  }
}

extension [DesiredResource] {
  fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.key < $1.key } }
}
