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
    Plan(endpoints: passes(desired, against: observations, owned: owned) { $0.plan })
  }

  /// What is made of the pass over each endpoint, once it is done; only that is kept.
  func passes<Result>(
    _ desired: DesiredState, against observations: [Observation], owned: [String: Ledger],
    _ result: (EndpointPass) -> Result = { $0 }
  ) -> [Result] {
    let resources = desired.resources.isSorted ? desired.resources : desired.resources.sorted { $0.key < $1.key }
    let observed = Dictionary(observations.map { ($0.endpoint, $0) }, uniquingKeysWith: { first, _ in first })
    let outlook = desired.policies.isEmpty ? nil : PolicyOutlook(desired.policies, resources)
    return desired.endpoints.sorted { $0.name < $1.name }.compactMap { declaration -> Result? in
      guard let observation = observed[declaration.name], selection.endpoints?.contains(declaration.name) ?? true else {
        return nil
      }
      var pass = EndpointPass(
        planner: self, declaration: declaration, observation: observation, ledger: owned[declaration.name] ?? Ledger())
      pass.makePlan(for: resources)
      if let outlook { pass.plan = outlook.judging(pass.plan) }
      return result(pass)
    }
  }
}

extension [DesiredResource] {
  fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.key < $1.key } }
}
