import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// What is to be brought to an endpoint in one go: resources here, what is known of them, and what is there.
struct ProvisioningWork {
  /// The resources that are to be looked at, whether they are still here or not; empty: all.
  var targets: Set<ResourceKey> = []
  /// Those of them that are here and are to be there.
  var desired: [ResourceKey: DesiredResource] = [:]
  /// Newcomers whose events are still to be read, which say where they go.
  var awaited: Set<ResourceKey> = []
  /// What is known of the targets and of what they refer to.
  var links: [ResourceKey: ProvisioningLink] = [:]
  /// What is there, by resource type.
  var live: [String: Observation.Listing] = [:]
  /// The roles of users, where their names are written there: name and who has it, by role.
  var roles: [ResourceKey: (name: String, users: Set<ResourceKey>)] = [:]
  /// New passwords, by user.
  var passwords: [ResourceKey: Secret] = [:]

  /// The resources that are there and are not to be.
  var gone: Set<ResourceKey> {
    Set(links.keys.filter { desired[$0] == nil && (targets.isEmpty || targets.contains($0)) })
  }

  /// What is desired, with members that are to leave, and what is only referred to.
  /// - Parameter staying: resources that count as there although they are not desired.
  func resources(staying: Set<ResourceKey>) -> [DesiredResource] {
    let gone = gone
    let keys = Dictionary(links.map { ($0.value.remoteID, $0.key) }, uniquingKeysWith: { first, _ in first })
    let known = desired.values.map { resource in
      var resource = resource
      if resource.members != nil { resource.addLeavers(of: liveResource(resource.key), keys, gone) }
      if let password = passwords[resource.key] {
        resource.secrets = ["password": .literal(password)]
        resource.rotatesSecrets = true
      }
      return resource
    }
    let others = links.keys.filter {
      desired[$0] == nil && roles[$0] == nil && (staying.contains($0) || isReferredTo($0))
    }
    let named = roles.filter { desired[$0.key] == nil }.map { key, role in
      DesiredResource(role: key, named: role.name, of: role.users)
    }
    return (known + named + others.map(DesiredResource.init(standIn:))).sorted { $0.key < $1.key }
  }

  /// Whether a linked resource is no target itself.
  private func isReferredTo(_ key: ResourceKey) -> Bool { !targets.isEmpty && !targets.contains(key) }

  /// Takes note of the roles that a user has.
  mutating func addRoles(of user: Resource) {
    for role in user["roles"]?.array ?? [] {
      guard let id = role["value"]?.string, let name = role["display"]?.string else { continue }
      roles[ResourceKey("Role", id), default: (name, [])].users.insert(ResourceKey("User", user.id))
    }
  }

  private func liveResource(_ key: ResourceKey) -> Resource? {
    guard let id = links[key]?.remoteID else { return nil }
    return live[key.kind]?.resources.first { $0.id == id }
  }
}

extension DesiredResource {
  /// Something that the endpoint holds and that is only referred to.
  fileprivate init(standIn key: ResourceKey) {
    self.init(key: key, attributes: [:], location: SourceLocation(file: "directory", line: 0))
  }

  /// A role of which only the name matters, and who of these users has it.
  fileprivate init(role key: ResourceKey, named name: String, of users: Set<ResourceKey>) {
    self.init(
      key: key, attributes: ["displayName": .string(name)],
      members: DesiredMembers(mode: .observe, references: users.sorted().map { DesiredMembers.Reference($0) }),
      location: SourceLocation(file: "directory", line: 0))
  }

  /// Whoever is a member there, is one of ours and is no member here, or is to go, has to leave; strangers may stay.
  fileprivate mutating func addLeavers(
    of live: Resource?, _ keys: [String: ResourceKey], _ gone: Set<ResourceKey>
  ) {
    guard var members else { return }
    members.references.removeAll { gone.contains($0.key) }
    let wanted = Set(members.references.map(\.key))
    let there = (live?.memberIDs ?? []).compactMap { keys[$0] }
    let leavers = Set(there).subtracting(wanted).map { DesiredMembers.Reference($0, until: .distantPast) }
    members.references = (members.references + leavers).sorted { $0.key < $1.key }
    self.members = members
  }
}

extension Resource {
  /// The ids in the attributes that list members of groups and roles.
  var memberIDs: [String] {
    ["members", "users", "groups"].flatMap { self[$0]?.array ?? [] }.compactMap { $0["value"]?.string }
  }
}

extension Ledger.Entry {
  init(_ link: ProvisioningLink) {
    self.init(
      key: ResourceKey(link.type, link.id), remoteID: link.remoteID, origin: link.isAdopted ? .adopted : .created,
      applied: link.applied, onRemoval: .delete, updatedAt: link.updatedAt)
  }
}

extension ProvisioningLink {
  init(_ entry: Ledger.Entry) {
    self.init(
      type: entry.key.kind, id: entry.key.name, remoteID: entry.remoteID, isAdopted: entry.origin == .adopted,
      applied: entry.applied, updatedAt: Timestamp.truncated(entry.updatedAt))
  }
}
