extension Guardrail {
  /// Manifests that ask for nothing while the ledger owns something are nearly always a wrong folder.
  static let emptyDesiredState = Guardrail("emptyDesiredState") { endpoint in
    guard endpoint.desiredCount == 0, endpoint.ownedCount > 0, !endpoint.changes.isEmpty || !endpoint.forgotten.isEmpty
    else { return [] }
    return [
      Finding(
        message: "the manifests ask for nothing there, and the ledger owns \(endpoint.ownedCount) resources",
        hint: "check -f and the endpoint's scope; to give the endpoint up, set lifecycle.state: Absent",
        keys: endpoint.changes.map(\.key))
    ]
  }

  /// The planner withholds such removals; a plan from elsewhere is held to the same rule.
  static let incompleteReads = Guardrail("incompleteReads") { endpoint in
    let doubtful = Set(endpoint.reads.filter { !$0.completeness.isComplete }.map(\.resourceType))
    guard !doubtful.isEmpty else { return [] }
    let removals = endpoint.changes.filter { $0.takesAway && doubtful.contains($0.key.kind) }.map(\.key)
    let losses =
      doubtful.contains("User")
      ? Array(endpoint.memberCounts.keys)
      : endpoint.memberCounts.keys.filter { doubtful.contains($0.kind) }
    let keys = Set(removals + losses)
    guard !keys.isEmpty else { return [] }
    return [
      Finding(
        message: "would take away on the ground of an incomplete read of \(doubtful.sorted().joined(separator: ", "))",
        hint: "run again when the endpoint can be read whole", keys: Array(keys))
    ]
  }

  static let ambiguous = Guardrail("ambiguous") { endpoint in
    guard endpoint.situations.ambiguous == .stop else { return [] }
    let keys = endpoint.withheld.filter { $0.situation == .ambiguous }.map(\.key)
    guard !keys.isEmpty else { return [] }
    return [
      Finding(
        message: "\(keys.count) resources could mean more than one there",
        hint: "make the correlation attributes unique, or set situations.ambiguous: report", keys: keys)
    ]
  }

  static let found = Guardrail("found") { endpoint in
    guard endpoint.situations.found == .stop else { return [] }
    let keys = endpoint.withheld.filter { $0.situation == .found }.map(\.key)
    guard !keys.isEmpty else { return [] }
    return [
      Finding(
        message: "\(keys.count) resources are there already and not in the ledger",
        hint: "set situations.found: adopt to take them over", keys: keys)
    ]
  }
}
