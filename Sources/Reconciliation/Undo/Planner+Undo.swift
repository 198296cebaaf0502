import JSON

extension Planner {
  /// The plan that takes back what a run has changed, as far as nobody has changed it since: that is withheld.
  /// - Parameters:
  ///   - past: what the run has applied.
  ///   - run: its name.
  ///   - desired: the endpoints and the policies that hold now; no resource of it is planned.
  package func undo(
    _ past: [PastChange], of run: String, _ desired: DesiredState, against observations: [Observation],
    owned: [String: Ledger]
  ) -> Plan {
    let outlook = desired.policies.isEmpty ? nil : PolicyOutlook(desired.policies, desired.resources)
    let plans = desired.endpoints.sorted { $0.name < $1.name }.compactMap { declaration -> EndpointPlan? in
      let changes = past.filter { $0.endpoint == declaration.name }
      guard !changes.isEmpty, let observation = observations.first(where: { $0.endpoint == declaration.name }) else {
        return nil
      }
      var pass = EndpointPass(
        planner: self, declaration: declaration, observation: observation, ledger: owned[declaration.name] ?? Ledger())
      let plan = pass.undo(changes, of: run)
      return outlook?.judging(plan) ?? plan
    }
    return Plan(endpoints: plans)
  }
}

extension AttributeChange {
  /// Whether it names who leaves and who comes.
  var isMembership: Bool {
    guard before != nil || after != nil, ["members", "users", "groups"].contains(path) else { return false }
    return [before, after].allSatisfy { $0?.array?.allSatisfy { $0.string != nil } ?? ($0 == nil) }
  }
}

extension JSONValue? {
  /// Both lists, one after the other.
  func joined(_ other: JSONValue?) -> JSONValue? {
    let elements = (self?.array ?? []) + (other?.array ?? [])
    return elements.isEmpty ? nil : .array(elements)
  }
}
