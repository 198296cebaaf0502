import Foundation

/// How an endpoint fares under a controller: what `status`, the console and the metrics show.
package struct EndpointStatus: Hashable, Sendable {
  /// A removal, or a change to a doubtful match, that is not made.
  package struct Withheld: Hashable, Sendable {
    package var key: ResourceKey
    package var reason: String

    package init(key: ResourceKey, reason: String) {
      self.key = key
      self.reason = reason
    }
  }

  package var endpoint: String
  /// In the order of their kinds, one each.
  package private(set) var conditions: [EndpointCondition]
  /// When the last pass ended.
  package var lastPass: Date?
  /// When that pass began.
  package var lastPassBegan: Date?
  /// When the endpoint was last seen to be as the manifests ask.
  package var lastConvergence: Date?
  /// When the next pass is due; nil while one is under way or the endpoint is suspended.
  package var nextPass: Date?
  /// How many passes in a row did not come to their end.
  package var failures: Int
  /// What the manifests ask for and is not in force.
  package var pending: PlanSummary
  package var withheld: [Withheld]
  /// What differed at the last pass without the manifests having asked for it, by class.
  package var drift: [DriftReport.Finding.Class: Int]
  /// The hash of a plan that a guardrail refused, to be approved by.
  package var refusedPlan: String?
  /// The version of the manifests at the last pass: a commit.
  package var revision: String?
  /// Who made the last pass.
  package var controller: String?
  /// What the endpoint needs that ends at a known moment, and the identity providers that it keeps; in no order.
  package var expiries: [ExpiryFinding]

  /// An endpoint that nobody has looked at yet.
  package init(endpoint: String, now: Date) {
    self.endpoint = endpoint
    conditions = EndpointCondition.Kind.allCases.map {
      EndpointCondition($0, false, $0 == .ready ? .notYetRead : .idle, since: now)
    }
    failures = 0
    pending = PlanSummary()
    withheld = []
    drift = [:]
    expiries = []
  }

  package init(endpoint: String, conditions: [EndpointCondition], now: Date) {
    self.init(endpoint: endpoint, now: now)
    for condition in conditions { self[condition.kind] = condition }
  }

  package subscript(kind: EndpointCondition.Kind) -> EndpointCondition {
    get {
      conditions.first { $0.kind == kind } ?? EndpointCondition(kind, false, .notYetRead, since: .distantPast)
    }
    set {
      if let index = conditions.firstIndex(where: { $0.kind == kind }) { conditions[index] = newValue }
    }
  }

  /// Sets a condition; the moment stays what it was while the answer does.
  package mutating func set(
    _ kind: EndpointCondition.Kind, _ isTrue: Bool, _ reason: EndpointCondition.Reason, _ message: String = "",
    at now: Date
  ) {
    let before = self[kind]
    self[kind] = EndpointCondition(
      kind, isTrue, reason, message, since: before.isTrue == isTrue ? before.since : now)
  }
}

/// What an operator asked of an endpoint. It is kept until it is taken back, whoever looks after the endpoint then.
package struct EndpointOrder: Hashable, Sendable {
  package struct Suspension: Hashable, Sendable {
    package var by: String
    package var reason: String
    package var since: Date

    package init(by: String, reason: String, since: Date) {
      self.by = by
      self.reason = reason
      self.since = since
    }
  }

  package struct Approval: Hashable, Sendable {
    /// The hash of the one plan that may pass the guardrails.
    package var plan: String
    package var by: String
    package var at: Date

    package init(plan: String, by: String, at: Date) {
      self.plan = plan
      self.by = by
      self.at = at
    }
  }

  package var suspension: Suspension?
  package var approval: Approval?
  /// A pass is asked for that begins after this moment.
  package var reconcileAfter: Date?

  package init(suspension: Suspension? = nil, approval: Approval? = nil, reconcileAfter: Date? = nil) {
    self.suspension = suspension
    self.approval = approval
    self.reconcileAfter = reconcileAfter
  }
}
