import Foundation
import JSON
import SCIM

extension EndpointPass {
  /// Plans what becomes of the resources of one kind that the manifests speak of.
  mutating func planDesired(_ kind: KindPass) {
    for ((resource, match), decision) in zip(zip(kind.resources, kind.matches), kind.decisions)
    where isSelected(resource) {
      switch decision {
      case .keep(let live): keep(live, resource, match, kind)
      case .create(let situation): create(resource, situation, kind)
      case .remove(let live):
        remove(
          live, key: resource.key, situation: match.situation, kind, reason: "lifecycle.state is Absent",
          resource.desired.location)
      case .withhold(let situation, let reason):
        withhold(resource.key, situation, reason, source: resource.desired.location)
      case .nothing: forgetGone(resource.key, kind)
      case .outside: break
      }
    }
  }

  // MARK: Resources that are there

  private mutating func keep(_ live: Resource, _ resource: ProjectedResource, _ match: Match, _ kind: KindPass) {
    let entry = entry(for: resource.key, live)
    let attributes = effective(resource, entry: entry, kind.rules)
    var differences = compare(resource, attributes, live: live, entry: entry, kind)
    differences.secrets = rotated(resource, entry: entry)
    let origin = entry?.origin ?? (ledger.begun.contains(resource.key) ? .created : .adopted)
    let after = record(resource, attributes, id: live.id, origin: origin, digests: entry?.secretDigests ?? [:])
    remember(after, instead: entry, isEqual: differences.isEmpty)
    guard !differences.isEmpty else { return }
    guard let request = request(differences.operations, for: live, kind.rules) else {
      return withholdReplacement(resource.key, match.situation, resource.desired.location)
    }
    let cause = membershipCause(entry, resource.desired, live, kind.rules)
    var change = Change(
      key: resource.key, action: .update, situation: match.situation, remoteID: live.id, liveName: live.name,
      version: live.version, request: request, attributes: differences.changes(memberCause: cause),
      secrets: differences.secrets, ledgerEntry: after,
      reason: reason(match, entry, of: resource.key, isBack: differences.activates), source: resource.desired.location,
      dependencies: differences.dependencies)
    if change.deactivates {
      change.action = .disable
      change.reason = resource.desired.lifecycle.standing(at: planner.now).reason ?? "active is false in the manifest"
    }
    add(change, to: live, as: kind.rules, ends: differences.members.ends)
  }

  private mutating func compare(
    _ resource: ProjectedResource, _ attributes: JSONObject, live: Resource?, entry: Ledger.Entry?, _ kind: KindPass
  ) -> Differences {
    var diff = ResourceDiff(rules: kind.rules, references: references)
    diff.compare(attributes, with: live?.attributes ?? [:], applied: entry?.applied)
    diff.limitations.forEach { scope.say("\(kind.kind): \($0)") }
    return Differences(attributes: diff, members: membership(of: resource, live: live, entry: entry, kind))
  }

  mutating func withholdReplacement(_ key: ResourceKey, _ situation: Situation, _ source: SourceLocation?) {
    withhold(key, situation, "the whole resource, which this endpoint wants sent, could not be made up", source: source)
  }

  /// The operations as a PATCH, or laid over what is there where the endpoint has none (RFC 7644 section 3.5.1).
  func request(_ operations: [PatchOperation], for live: Resource, _ rules: TypeRules) -> Change.Request? {
    guard !observation.capabilities.supportsPatch else { return .patch(operations) }
    let patcher = ResourcePatcher(type: rules.type, catalog: rules.catalog)
    guard let whole = try? patcher.applying(operations, to: live.attributes) else { return nil }
    return .replace(rules.writable(whole))
  }

  // MARK: Resources that are not there

  private mutating func create(_ resource: ProjectedResource, _ situation: Situation, _ kind: KindPass) {
    let attributes = effective(resource, entry: nil, kind.rules)
    var differences = compare(resource, attributes, live: nil, entry: nil, kind)
    differences.secrets = resource.desired.secrets
    // Declared anew, it is the manifest's doing; linked and gone, it is the endpoint's.
    let cause: Cause = ledger[resource.key] == nil ? .manifest : .endpoint
    if cause == .endpoint { plan.missing.append(resource.key) }
    let changes = differences.changes(memberCause: cause).map { change in
      AttributeChange(path: change.path, before: nil, after: change.after, cause: cause)
    }
    let body = kind.rules.body(attributes, references: references, members: differences.members.attributes)
    add(
      Change(
        key: resource.key, action: .create, situation: situation, request: .create(body), attributes: changes,
        secrets: differences.secrets, ledgerEntry: record(resource, attributes, id: "", origin: .created, digests: [:]),
        reason: cause == .endpoint ? "was linked and is gone" : "", source: resource.desired.location,
        dependencies: differences.dependencies),
      to: nil, as: kind.rules, ends: differences.members.ends)
  }

  private mutating func forgetGone(_ key: ResourceKey, _ kind: KindPass) {
    if ledger[key] != nil, kind.doubt == nil { forgetMissing(key) }
  }

  // MARK: What is wanted now

  /// The attributes with what the lifecycle says of `active` at this moment.
  private mutating func effective(_ resource: ProjectedResource, entry: Ledger.Entry?, _ rules: TypeRules) -> JSONObject
  {
    let lifecycle = resource.desired.lifecycle
    let standing = lifecycle.standing(at: planner.now)
    guard rules.canDisable else {
      if standing != .active { scope.say("\(rules.type.name) cannot be disabled there: its lifecycle is left out") }
      return resource.attributes
    }
    var attributes = resource.attributes
    if standing != .active {
      attributes["active"] = false
    } else if attributes["active"] == nil,
      entry?.disabledAt != nil || entry?.applied["active"] == false || lifecycle.startsAt != nil
    {
      attributes["active"] = true
    }
    return attributes
  }
}

/// All that differs of one resource.
private struct Differences {
  var attributes: ResourceDiff
  var members: MembershipDiff
  /// Write-only values that are to be set.
  var secrets: [String: SecretReference] = [:]

  var isEmpty: Bool { attributes.operations.isEmpty && members.isEmpty && secrets.isEmpty }
  var activates: Bool { attributes.changes.contains { $0.path == "active" && $0.after == true } }
  var operations: [PatchOperation] { attributes.operations + members.operations }
  var dependencies: [ResourceKey] { Set(attributes.dependencies + members.dependencies).sorted() }

  func changes(memberCause: Cause) -> [AttributeChange] {
    attributes.changes + members.changes(cause: memberCause)
      + secrets.keys.sorted().map { AttributeChange(path: $0, before: "•••", after: "•••", cause: .manifest) }
  }
}

extension Change {
  /// Whether it makes somebody inactive who is not.
  fileprivate var deactivates: Bool { attributes.contains { $0.path == "active" && $0.after == false } }
}
