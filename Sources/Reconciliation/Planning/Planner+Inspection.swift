/// A plan with what was looked into on the way to it.
extension Planner {
  /// How the plan came to what it says of a resource, at every endpoint that was observed.
  /// - Parameter guardrails: what has its say about the whole plan.
  package func trace(
    _ key: ResourceKey, in desired: DesiredState, against observations: [Observation], owned: [String: Ledger],
    guardrails: [Guardrail]
  ) -> [DecisionTrace] {
    let passes = passes(desired, against: observations, owned: owned)
    let plan = Plan(endpoints: passes.map(\.plan))
    let objections = guardrails.flatMap { $0.objections(to: plan) }
    return passes.map { pass in
      var trace = pass.trace(key)
      trace.objections = objections.filter { objection in
        objection.endpoint == trace.endpoint && (objection.keys.isEmpty || objection.keys.contains(key))
      }
      return trace
    }
  }

  /// What a resource has at every endpoint that was observed.
  package func access(
    of key: ResourceKey, in desired: DesiredState, against observations: [Observation], owned: [String: Ledger]
  ) -> [AccessThere] {
    passes(desired, against: observations, owned: owned).map { $0.access(of: key) }
  }
}
