/// A rule that may stop a plan.
package struct Guardrail: Sendable {
  /// What it objects to at one endpoint.
  struct Finding {
    var message: String
    var hint = ""
    var keys: [ResourceKey] = []
  }

  /// Stable: reports and documentation call it so.
  package let name: String
  private let check: @Sendable (Plan) -> [Objection]

  /// A rule that looks at each endpoint for itself.
  init(_ name: String, _ check: @escaping @Sendable (EndpointPlan) -> [Finding]) {
    self.name = name
    self.check = { plan in
      plan.endpoints.flatMap { endpoint in
        check(endpoint).map {
          Objection(
            guardrail: name, endpoint: endpoint.endpoint, message: $0.message, hint: $0.hint, keys: $0.keys.sorted())
        }
      }
    }
  }

  /// A rule over the whole plan; it speaks for the first endpoint that makes calls.
  init(wholePlan name: String, _ check: @escaping @Sendable (Plan) -> Finding?) {
    self.name = name
    self.check = { plan in
      check(plan).map { finding in
        let endpoint = plan.endpoints.first { !$0.changes.isEmpty }?.endpoint ?? ""
        return [
          Objection(
            guardrail: name, endpoint: endpoint, message: finding.message, hint: finding.hint,
            keys: finding.keys.sorted())
        ]
      } ?? []
    }
  }

  package func objections(to plan: Plan) -> [Objection] { check(plan) }
}

extension Guardrail {
  /// The rules about amounts, by name.
  static let approvable: Set<String> = [
    "maxDeletes", "maxDisables", "maxMemberRemovals", "maxMissing", "emptyDesiredState", "maxCalls",
  ]

  /// Whether it only objects to how much is taken away (``Objection/isApprovable``).
  package var isApprovable: Bool { Self.approvable.contains(name) }

  /// Every rule of the house.
  /// - Parameters:
  ///   - maxDeletes: Overrides the endpoints' `safety.maxDeletes` for this run.
  ///   - maxMissing: Overrides the endpoints' `safety.maxMissing` for this run.
  ///   - maxCalls: The most writes that this run may make; nil is unlimited.
  ///   - endorsement: Who wrote the change and how many approved of it.
  package static func standard(
    maxDeletes: SafetyLimits.Limit? = nil, maxMissing: SafetyLimits.Limit? = nil, maxCalls: Int? = nil,
    endorsement: Endorsement = Endorsement()
  ) -> [Guardrail] {
    [
      .deletes(override: maxDeletes), .disables, .memberRemovals, .missing(override: maxMissing), .emptyDesiredState,
      .incompleteReads, .protected, .protectedByPolicy, .tiers(endorsement), .ownAccount, .administrators, .ambiguous,
      .found,
    ] + (maxCalls.map { [.calls($0)] } ?? [])
  }
}
