import Foundation
import JSON
import SCIM

/// What the ledger knows of a resource that the manifests speak of, and what it is to remember.
extension EndpointPass {
  /// What the ledger knows of a live resource. Under another key it is the same one, renamed in Git or come back: what
  /// we did to it holds until it is undone.
  mutating func entry(for key: ResourceKey, _ live: Resource) -> Ledger.Entry? {
    if let known = ledger[key], known.remoteID == live.id { return known }
    guard let owner = owners[live.id], owner.kind == key.kind else { return nil }
    return ledger[owner]
  }

  /// How they belong together, and why somebody comes back whom nobody made inactive but us.
  func reason(_ match: Match, _ entry: Ledger.Entry?, of key: ResourceKey, isBack: Bool) -> String {
    var reasons: [String] = []
    if match.situation == .found { reasons.append("found by \(match.correlation)") }
    if let entry, entry.disabledAt != nil, isBack {
      reasons.append("disabled by us\(entry.key == key ? "" : " as \(entry.key)"), and asked for again")
    } else if let entry, entry.key != key {
      reasons.append("\(entry.key) until now")
    }
    return reasons.joined(separator: "; ")
  }

  /// Takes what was found into the ledger, and what a manifest says anew of an equal resource.
  mutating func remember(_ after: Ledger.Entry, instead entry: Ledger.Entry?, isEqual: Bool) {
    if let entry, entry.key == after.key {
      if isEqual, !entry.says(after) { plan.adoptions.append(after) }
      return
    }
    var adopted = after
    // What is still to be written is not ours yet: should the write fail, the cause must not be told wrong.
    if !isEqual {
      adopted.applied = entry?.applied ?? [:]
      adopted.secretDigests = entry?.secretDigests ?? [:]
      adopted.disabledAt = entry?.disabledAt
    }
    plan.adoptions.append(adopted)
  }

  /// The secrets that are to be set again, because their source changed since we set them.
  func rotated(_ resource: ProjectedResource, entry: Ledger.Entry?) -> [String: SecretReference] {
    guard resource.desired.rotatesSecrets else { return [:] }
    return resource.desired.secrets.filter { path, reference in
      planner.secretDigest(reference).map { $0 != entry?.secretDigests[path] } ?? false
    }
  }

  /// What the ledger is to remember.
  func record(
    _ resource: ProjectedResource, _ attributes: JSONObject, id: String, origin: Ledger.Entry.Origin,
    digests: [String: String]
  ) -> Ledger.Entry {
    var applied = attributes
    // That somebody was made active again is done once, not asked for ever after.
    if resource.attributes["active"] == nil, applied["active"] == true { applied["active"] = nil }
    if let members = record(of: resource.desired.members) { applied[Self.recordedMembers] = members }
    return Ledger.Entry(
      key: resource.key, remoteID: id, origin: origin, applied: applied, secretDigests: digests,
      onRemoval: resource.desired.lifecycle.onRemoval, grace: resource.desired.lifecycle.grace, updatedAt: planner.now)
  }

  /// What the ledger is to remember of members; nil for those that are not managed.
  func record(of members: DesiredMembers?) -> JSONValue? {
    guard let members, members.mode != .observe else { return nil }
    return .array(members.references.filter { $0.isDue(at: planner.now) }.map { .string($0.key.bulkId) })
  }
}

extension Ledger.Entry {
  /// Whether both say the same, whenever they were written.
  fileprivate func says(_ other: Ledger.Entry) -> Bool {
    onRemoval == other.onRemoval && grace == other.grace && disabledAt == other.disabledAt && applied == other.applied
  }
}
