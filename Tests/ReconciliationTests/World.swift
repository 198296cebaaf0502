import Foundation
import JSON
import SCIM

@testable import Reconciliation

/// One endpoint with its resources, what is asked of it, and what we own there: small enough to write down in a test.
struct World {
  var desired: [DesiredResource] = []
  var live: [String: [Resource]] = ["User": [], "Group": []]
  var ledger = Ledger()
  var declaration = EndpointDeclaration(name: "remote", driver: .scim2)
  var capabilities = Capabilities(catalog: .standard)
  /// Why the listing of a kind stopped early.
  var incomplete: [String: String] = [:]
  var ownUserName: String?
  var now = Date(timeIntervalSince1970: 1_800_000_000)

  var observation: Observation {
    let listings = live.map { kind, resources in
      let completeness = incomplete[kind].map { Observation.Completeness.incomplete(reason: $0) } ?? .complete
      return (
        kind, Observation.Listing(resources: resources, completeness: completeness, totalResults: resources.count)
      )
    }
    return Observation(
      endpoint: declaration.name, capabilities: capabilities, listings: Dictionary(uniqueKeysWithValues: listings),
      ownUserName: ownUserName)
  }

  func plan(
    prune: Bool = false, selection: Selection = Selection(), digest: String? = nil
  ) -> EndpointPlan {
    let planner = Planner(now: now, prune: prune, secretDigest: { _ in digest }, selection: selection)
    let plan = planner.plan(
      DesiredState(resources: desired, endpoints: [declaration]), against: [observation],
      owned: [declaration.name: ledger])
    return plan.endpoints.first ?? EndpointPlan(endpoint: "none", driver: .scim2)
  }

  func resource(_ kind: String, _ id: String) -> Resource? { live[kind]?.first { $0.id == id } }
}

// MARK: Carrying a plan out

extension World {
  /// Does what the executor and a faithful endpoint would do.
  mutating func apply(_ plan: EndpointPlan) throws {
    for entry in plan.adoptions { ledger[entry.key] = entry }
    for key in plan.forgotten { ledger[key] = nil }
    var ids: [ResourceKey: String] = [:]
    for change in plan.changes {
      let id = change.remoteID ?? ids[change.key] ?? "id-\(change.key.kind)-\(change.key.name)"
      ids[change.key] = id
      try write(change, id, ids)
      if var entry = change.ledgerEntry {
        entry.remoteID = id
        ledger[change.key] = entry
      } else {
        ledger[change.key] = nil
      }
    }
  }

  private mutating func write(_ change: Change, _ id: String, _ ids: [ResourceKey: String]) throws {
    let kind = change.key.kind
    let position = live[kind]?.firstIndex { $0.id == id }
    switch change.request {
    case .create(let attributes):
      var created = attributes.resolving(ids)
      created["id"] = .string(id)
      live[kind, default: []].append(Resource(created))
    case .patch(let operations):
      guard let position, let type = capabilities.catalog.resourceType(kind) else { return }
      let resolved = operations.map { PatchOperation($0.verb, $0.path, value: $0.value?.resolving(ids)) }
      let patcher = ResourcePatcher(type: type, catalog: capabilities.catalog)
      let before = live[kind]?[position].attributes ?? [:]
      live[kind]?[position].attributes = try patcher.applying(resolved, to: before)
    case .replace(let attributes):
      guard let position else { return }
      var replaced = attributes.resolving(ids)
      replaced["id"] = .string(id)
      live[kind]?[position].attributes = replaced
    case .delete:
      if let position { live[kind]?.remove(at: position) }
    }
  }
}

extension JSONObject {
  fileprivate func resolving(_ ids: [ResourceKey: String]) -> JSONObject {
    JSONObject(members.map { ($0.key, $0.value.resolving(ids)) })
  }
}

extension JSONValue {
  fileprivate func resolving(_ ids: [ResourceKey: String]) -> JSONValue {
    switch self {
    case .string(let text): ResourceKey(bulkId: text).flatMap { ids[$0] }.map(JSONValue.string) ?? self
    case .array(let elements): .array(elements.map { $0.resolving(ids) })
    case .object(let object): .object(object.resolving(ids))
    case .null, .bool, .number: self
    }
  }
}

// MARK: Short forms

let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
private let somewhere = SourceLocation(file: "people.yaml", line: 1)

/// A desired user; its userName is the name unless the attributes say otherwise.
func user(
  _ name: String, _ attributes: JSONObject = [:], labels: [String: String] = [:],
  secrets: [String: SecretReference] = [:], rotates: Bool = false, lifecycle: Lifecycle = Lifecycle(),
  previously: [String] = []
) -> DesiredResource {
  var all: JSONObject = ["userName": .string(name)]
  for member in attributes { all[member.key] = member.value }
  return DesiredResource(
    key: ResourceKey("User", name), labels: labels, attributes: all, secrets: secrets, rotatesSecrets: rotates,
    lifecycle: lifecycle, previously: previously, location: somewhere)
}

/// A desired group of users; `nil` manages no members.
func group(
  _ name: String, _ members: [String]? = nil, mode: DesiredMembers.Mode = .exact, allowsEmpty: Bool = false,
  groups: [String] = [], _ attributes: JSONObject = [:], kind: String = "Group"
) -> DesiredResource {
  var all: JSONObject = ["displayName": .string(name)]
  for member in attributes { all[member.key] = member.value }
  let references = groups.map { ResourceKey("Group", $0) } + (members ?? []).map { ResourceKey("User", $0) }
  return DesiredResource(
    key: ResourceKey(kind, name), attributes: all,
    members: members.map { _ in
      DesiredMembers(mode: mode, references: references.sorted().map { .init($0) }, allowsEmpty: allowsEmpty)
    },
    location: somewhere)
}

func liveUser(_ id: String, _ userName: String, _ attributes: JSONObject = [:]) -> Resource {
  var all: JSONObject = ["id": .string(id), "userName": .string(userName)]
  for member in attributes { all[member.key] = member.value }
  return Resource(all)
}

func liveGroup(_ id: String, _ displayName: String, _ members: [String]? = nil) -> Resource {
  var all: JSONObject = ["id": .string(id), "displayName": .string(displayName)]
  all["members"] = members.map { .array($0.map { ["value": .string($0)] }) }
  return Resource(all)
}

func entry(
  _ kind: String, _ name: String, _ id: String, _ applied: JSONObject = [:],
  onRemoval: Lifecycle.Removal = .disableThenDelete, grace: TimeInterval = 86_400, disabledAt: Date? = nil
) -> Ledger.Entry {
  Ledger.Entry(
    key: ResourceKey(kind, name), remoteID: id, origin: .created, applied: applied, onRemoval: onRemoval, grace: grace,
    disabledAt: disabledAt, updatedAt: Date(timeIntervalSince1970: 1_700_000_000))
}

extension Change {
  var operations: [PatchOperation] { if case .patch(let operations) = request { operations } else { [] } }
  var body: JSONObject? {
    switch request {
    case .create(let attributes), .replace(let attributes): attributes
    case .patch, .delete: nil
    }
  }
}
