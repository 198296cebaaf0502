import Foundation

/// What a pass of a controller was about to do at one endpoint, and what became of it, as people look at it: without what is
/// sent, and without secrets.
package struct PlanRecord: Hashable, Sendable {
  /// One change.
  package struct Entry: Hashable, Sendable, ToldChange {
    package var key: ResourceKey
    package var action: Change.Action
    package var situation: Situation
    /// nil for a create.
    package var remoteID: String?
    package var attributes: [AttributeChange]
    package var reason: String
    package var source: SourceLocation?
    /// ``Outcome/name``; nil when it was not tried.
    package var outcome: String?
    /// ``Outcome/words``.
    package var message: String

    package init(
      key: ResourceKey, action: Change.Action, situation: Situation, remoteID: String? = nil,
      attributes: [AttributeChange] = [], reason: String = "", source: SourceLocation? = nil, outcome: String? = nil,
      message: String = ""
    ) {
      self.key = key
      self.action = action
      self.situation = situation
      self.remoteID = remoteID
      self.attributes = attributes
      self.reason = reason
      self.source = source
      self.outcome = outcome
      self.message = message
    }
  }

  /// The most changes, and the most of what is withheld, that are kept.
  package static let most = 1000

  package var endpoint: String
  /// When the pass ended.
  package var time: Date
  /// What came of it in one word: `in-sync`, `applied`, `partial`, `refused`.
  package var result: String
  /// ``Plan/hash``; nil for a plan without changes.
  package var hash: String?
  /// The run that carried it out.
  package var run: String?
  /// Of all changes, also of those that are not kept.
  package var summary: PlanSummary
  /// In the order of the plan.
  package var changes: [Entry]
  package var withheld: [EndpointPlan.Withheld]
  /// Why it was refused.
  package var objections: [Objection]

  package init(
    endpoint: String, time: Date, result: String, hash: String? = nil, run: String? = nil,
    summary: PlanSummary = PlanSummary(), changes: [Entry] = [], withheld: [EndpointPlan.Withheld] = [],
    objections: [Objection] = []
  ) {
    self.endpoint = endpoint
    self.time = time
    self.result = result
    self.hash = hash
    self.run = run
    self.summary = summary
    self.changes = changes
    self.withheld = withheld
    self.objections = objections
  }

  /// How many changes are not kept.
  package var omitted: Int { max(0, summary.changes - changes.count) }
}

extension PlanRecord {
  /// - Parameters:
  ///   - outcomes: in the order of the plan's changes; empty when none was tried.
  package init(
    _ plan: EndpointPlan, time: Date, result: String, hash: String?, run: String? = nil, outcomes: [Outcome] = [],
    objections: [Objection] = []
  ) {
    self.init(
      endpoint: plan.endpoint, time: time, result: result, hash: hash, run: run, summary: plan.summary,
      changes: Self.kept(plan.changes).map { index in
        Entry(plan.changes[index], outcomes.indices.contains(index) ? outcomes[index] : nil)
      },
      withheld: Array(plan.withheld.prefix(Self.most)), objections: objections)
  }

  /// Which changes are kept when there are too many: what takes most away comes first.
  private static func kept(_ changes: [Change]) -> [Int] {
    let ranks: [Change.Action: Int] = [.delete: 0, .disable: 1, .update: 2, .create: 3]
    let order = changes.indices.sorted { a, b in
      (ranks[changes[a].action] ?? 0, a) < (ranks[changes[b].action] ?? 0, b)
    }
    return order.prefix(most).sorted()
  }
}

extension PlanRecord.Entry {
  fileprivate init(_ change: Change, _ outcome: Outcome?) {
    self.init(
      key: change.key, action: change.action, situation: change.situation, remoteID: change.remoteID,
      attributes: change.attributes, reason: change.reason, source: change.source, outcome: outcome?.name,
      message: outcome?.words ?? "")
  }
}
