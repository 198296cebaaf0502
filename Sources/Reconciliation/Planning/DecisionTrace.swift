import Foundation
import JSON
import SCIM

/// How a pass came to what it does with one resource at one endpoint.
package struct DecisionTrace: Sendable {
  /// One tie that the matcher tries, from the strongest on.
  package struct Try: Hashable, Sendable {
    /// `the ledger`, `externalId`, `an earlier displayName`.
    package var tie: String
    /// What was looked for; empty when there was nothing to look for.
    package var values: [String]
    /// The ids of those that have it, sorted.
    package var found: [String]
  }

  /// One rule of the endpoint's mapping, as it turned out.
  package struct MappedValue: Hashable, Sendable {
    package var target: String
    package var value: JSONValue
    package var source: SourceLocation?
  }

  package var endpoint: String
  package var key: ResourceKey
  /// Where its manifest stands; nil when it has none.
  package var source: SourceLocation?
  /// Why the endpoint is not to hold it; nil when it is.
  package var outOfScope: String?
  /// nil when nothing is there and nothing is asked for.
  package var situation: Situation?
  /// What tied them: `the ledger`, `externalId`; empty when nothing did.
  package var correlation = ""
  package var tries: [Try] = []
  package var liveID: String?
  package var liveName: String?
  package var entry: Ledger.Entry?
  /// What becomes of it when its manifest goes, which is not always what the entry says: not everything can be disabled, or
  /// deleted, everywhere. nil without an entry.
  package var removal: Lifecycle.Removal?
  package var mapped: [MappedValue] = []
  /// Why its account is not to be active now.
  package var inactive: String?
  package var changes: [Change] = []
  package var withheld: [EndpointPlan.Withheld] = []
  /// Whether the ledger takes it in, or learns of it, without a call.
  package var isRecorded = false
  package var isForgotten = false
  /// What the guardrails have against the plan on its account, or against the whole plan of the endpoint.
  package var objections: [Objection] = []
}

extension EndpointPass {
  /// What a removal that was asked for comes to here.
  private func removal(of kind: KindPass, asked: Lifecycle.Removal) -> Lifecycle.Removal {
    switch asked {
    case .orphan: .orphan
    case _ where observation.capabilities.undeletableTypes.contains(kind.kind): .disable
    case _ where !kind.rules.canDisable: .delete
    case .disable, .disableThenDelete, .delete: asked
    }
  }

  /// How the plan, which is made already, came to what it says of this resource.
  func trace(_ key: ResourceKey) -> DecisionTrace {
    var trace = DecisionTrace(endpoint: declaration.name, key: key)
    trace.entry = ledger[key]
    trace.changes = plan.changes.filter { $0.key == key }
    trace.withheld = plan.withheld.filter { $0.key == key }
    trace.isRecorded = plan.adoptions.contains { $0.key == key }
    trace.isForgotten = plan.forgotten.contains(key)
    guard let kind = kinds.first(where: { $0.kind == key.kind }) else {
      trace.outOfScope = "the endpoint has no resource type \(key.kind)"
      return trace
    }
    trace.removal = trace.entry.map { removal(of: kind, asked: $0.onRemoval) }
    if let index = kind.resources.firstIndex(where: { $0.key == key }) {
      trace.note(kind.resources[index], kind.matches[index], in: self, kind)
    } else {
      trace.noteUndesired(kind)
    }
    return trace
  }

  /// The rules of the mapping that yield something for a resource of this kind.
  fileprivate func mapped(_ resource: DesiredResource, _ kind: KindPass) -> [DecisionTrace.MappedValue] {
    let mapper = AttributeMapper(kind.rules, declaration.mapping)
    return mapper.mapping.compactMap { rule in
      guard rule.source != .roles, let value = mapper.value(of: rule, from: resource.attributes, roles: []) else {
        return nil
      }
      return DecisionTrace.MappedValue(target: rule.target.description, value: value, source: rule.location)
    }
  }

  /// What the matcher looked for, tie by tie.
  fileprivate func tries(_ resource: ProjectedResource, _ kind: KindPass) -> [DecisionTrace.Try] {
    let live = kind.listing?.resources ?? []
    let recorded = ledger[resource.key]?.remoteID
    var tries = [
      DecisionTrace.Try(
        tie: "the ledger", values: recorded.map { [$0] } ?? [],
        found: live.contains { $0.id == recorded } ? [recorded ?? ""] : [])
    ]
    func look(_ tie: String, _ key: CorrelationKey, for values: [String]) {
      let found = live.filter { resource in key.texts(in: resource.attributes).contains(where: values.contains) }
      tries.append(DecisionTrace.Try(tie: tie, values: values, found: found.map(\.id).sorted()))
    }
    let names = Matcher(rules: kind.rules, correlation: declaration.correlation).correlationAttributes
    for name in names where kind.rules.holdsText(at: name) {
      let key = CorrelationKey(name, rules: kind.rules)
      look(name, key, for: key.texts(in: resource.attributes))
    }
    if !resource.desired.previously.isEmpty {
      let key = CorrelationKey(kind.rules.namingAttribute, rules: kind.rules)
      look("an earlier \(kind.rules.namingAttribute)", key, for: resource.desired.previously.map(key.folded))
    }
    return tries
  }
}

extension DecisionTrace {
  fileprivate mutating func note(_ resource: ProjectedResource, _ match: Match, in pass: EndpointPass, _ kind: KindPass)
  {
    source = resource.desired.location
    outOfScope = resource.isInScope ? nil : pass.scope.objection(to: resource.desired, as: kind.rules)
    situation = match.situation
    correlation = match.correlation
    tries = pass.tries(resource, kind)
    liveID = match.live?.id
    liveName = match.live?.name
    mapped = pass.mapped(resource.desired, kind)
    inactive = resource.desired.lifecycle.standing(at: pass.planner.now).reason
  }

  /// What no manifest asks for: ours by the ledger, or somebody else's of this name.
  fileprivate mutating func noteUndesired(_ kind: KindPass) {
    let live =
      kind.listing?.resources.first { $0.id == entry?.remoteID } ?? kind.leftovers.first { $0.name == key.name }
    liveID = live?.id
    liveName = live?.name
    situation = entry != nil ? .unmanaged : live != nil ? .foreign : nil
    if entry != nil, live != nil { correlation = "the ledger" }
  }
}

extension TypeRules {
  /// Whether there is an attribute at this path that a resource may be known by.
  fileprivate func holdsText(at path: String) -> Bool {
    guard let parsed = try? AttributePath(parsing: path) else { return false }
    return parsed.resolve(in: type, catalog: catalog).map { $0.type != .complex } ?? false
  }
}
