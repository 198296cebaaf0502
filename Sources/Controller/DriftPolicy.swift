import Reconciliation

/// What is done about drift: the endpoint's word, and where a resource has one of its own, that one.
struct DriftPolicies {
  private let policy: EndpointDeclaration.DriftPolicy
  private let exceptions: [ResourceKey: EndpointDeclaration.DriftPolicy]

  init(_ declaration: EndpointDeclaration, _ desired: DesiredState) {
    policy = declaration.drift
    exceptions = desired.resources.reduce(into: [:]) { $0[$1.key] = $1.drift }
  }

  subscript(key: ResourceKey) -> EndpointDeclaration.DriftPolicy { exceptions[key] ?? policy }
}

extension Plan {
  /// What the policies leave of the plan, and the drift that is corrected and that is only told.
  func following(_ policies: DriftPolicies) -> (plan: Plan, corrected: [ResourceKey], reported: [ResourceKey]) {
    let drift = endpoints.flatMap(\.changes).filter(\.onlyCorrectsDrift).map(\.key)
    let corrected = drift.filter { policies[$0] == .correct }
    guard corrected.count < drift.count else { return (self, corrected, []) }
    let left = Set(drift).subtracting(corrected)
    return (
      Plan(endpoints: endpoints.map { $0.leaving(left) }), corrected, drift.filter { policies[$0] == .report }
    )
  }
}

extension EndpointPlan {
  /// The plan without the changes that only undo what somebody did to these resources, and without what depends on
  /// those.
  func leaving(_ drifted: Set<ResourceKey>) -> EndpointPlan {
    var plan = self
    plan.changes.removeAll { drifted.contains($0.key) }
    var dropped = drifted
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
