/// What the guardrails say of a plan.
package enum Verdict: Sendable {
  case approved(ApprovedPlan)
  case refused([Objection])
}

/// A plan that every guardrail let pass. Only the review makes one, so that nothing else can reach the executor.
package struct ApprovedPlan: Sendable {
  package let plan: Plan

  fileprivate init(_ plan: Plan) { self.plan = plan }
}

/// Why a guardrail stops a plan.
package struct Objection: Hashable, Sendable {
  /// The guardrail's name: `maxDeletes`.
  package var guardrail: String
  package var endpoint: String
  /// One sentence, with the numbers.
  package var message: String
  /// What to do when it is meant.
  package var hint: String
  /// What it is about, sorted.
  package var keys: [ResourceKey]

  /// Whether it is about how much is taken away: an operator who looked at the plan may say that it is meant. Who is
  /// protected, what was not read, and who has to agree is not an operator's to wave through.
  package var isApprovable: Bool { Guardrail.approvable.contains(guardrail) }

  package init(guardrail: String, endpoint: String, message: String, hint: String = "", keys: [ResourceKey] = []) {
    self.guardrail = guardrail
    self.endpoint = endpoint
    self.message = message
    self.hint = hint
    self.keys = keys
  }
}

/// Asks every guardrail, so that all objections are heard at once.
package func review(_ plan: Plan, with guardrails: [Guardrail] = Guardrail.standard()) -> Verdict {
  let objections = guardrails.flatMap { $0.objections(to: plan) }
  return objections.isEmpty ? .approved(ApprovedPlan(plan)) : .refused(objections)
}
