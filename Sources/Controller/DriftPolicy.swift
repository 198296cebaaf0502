import Reconciliation

extension Plan {
  /// What the endpoint's policy leaves of the plan, and the drift that is to be told.
  func following(_ policy: EndpointDeclaration.DriftPolicy) -> (plan: Plan, drift: [ResourceKey]) {
    let drift = endpoints.flatMap(\.driftCorrections).map(\.key)
    guard policy != .correct else { return (self, drift) }
    let rest = Plan(endpoints: endpoints.map { $0.withoutDriftCorrections() })
    return (rest, policy == .report ? drift : [])
  }
}

extension EndpointPlan {
  var driftCorrections: [Change] { changes.filter(\.onlyCorrectsDrift) }

  /// The plan without the changes that only undo what somebody did at the endpoint, and without what depends on those.
  func withoutDriftCorrections() -> EndpointPlan {
    var plan = self
    plan.changes.removeAll(where: \.onlyCorrectsDrift)
    var dropped = Set(driftCorrections.map(\.key))
    while !dropped.isEmpty {
      // A removal waits for others only to be tidy.
      let orphans = plan.changes.filter { $0.action != .delete && !dropped.isDisjoint(with: $0.dependencies) }
      dropped = Set(orphans.map(\.key))
      plan.changes.removeAll { $0.action != .delete && dropped.contains($0.key) }
    }
    return plan
  }
}

extension Change {
  /// Whether the manifest has not changed since it was last applied, so that the difference is the endpoint's doing.
  var onlyCorrectsDrift: Bool {
    switch action {
    // A password is set anew with the rest, and counts as the manifest's.
    case .create: attributes.contains { $0.cause == .endpoint }
    case .update, .disable: !attributes.isEmpty && attributes.allSatisfy { $0.cause == .endpoint }
    case .delete: false
    }
  }
}
