import Reconciliation

extension EndpointPlan {
  /// The plan without the changes that only undo what somebody did at the endpoint.
  func withoutDriftCorrections() -> EndpointPlan {
    var plan = self
    let left = changes.filter { !$0.onlyCorrectsDrift }
    let planned = Set(left.map(\.key))
    plan.changes = left.filter { $0.dependencies.allSatisfy { planned.contains($0) } }
    return plan
  }

  var driftCorrections: [Change] { changes.filter(\.onlyCorrectsDrift) }
}

extension Change {
  /// Whether the manifest has not changed since it was last applied, so that the difference is the endpoint's doing.
  var onlyCorrectsDrift: Bool {
    switch action {
    case .create: situation == .missing && ledgerEntry?.remoteID.isEmpty == false
    case .update, .disable: !attributes.isEmpty && attributes.allSatisfy { $0.cause == .endpoint }
    case .delete: false
    }
  }
}
