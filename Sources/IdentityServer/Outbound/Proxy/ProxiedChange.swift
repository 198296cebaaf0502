import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// A change that a proxied application asks for, on its way to the connectors. References in it are ids of the leading
/// connector's endpoint.
struct ProxiedChange {
  let type: ResourceType
  let key: ResourceKey
  /// As clients read it; nil for a new resource.
  let before: JSONObject?
  /// nil for one that goes.
  let after: JSONObject?
  /// Whether the new state is meant whole.
  let isReplacement: Bool

  /// What the resource is known by at a connector: what it was called, for one that is renamed.
  func identity(at connector: ProxiedConnector) -> DesiredResource {
    connector.desired(typed(before ?? after ?? [:]), type, id: key.name)
  }

  /// What is to become of the resource at a connector.
  /// - Parameter leading: the connector whose ids the references are.
  /// - Throws: `rejected` for a reference to something that is not there.
  func wish(
    at connector: ProxiedConnector, leading: ProxiedConnector, live: Resource?
  ) async throws(EndpointError) -> ProxiedConnector.Wish {
    var wish = ProxiedConnector.Wish(key: key, live: live)
    guard let after else { return wish }
    let isLeader = connector.connector.name == leading.connector.name
    var desired = connector.desired(typed(after), type, id: key.name)
    let old = before.map { connector.desired(typed($0), type, id: key.name) }
    for reference in desired.referredTo.sorted() {
      wish.references[reference] = try await id(of: reference, at: connector, leading)
    }
    if isReplacement || isLeader {
      desired.members?.mode = .exact
    } else if let leavers = old?.members?.references.map(\.key) {
      // What others have put into the group there stays.
      var references = desired.members?.references ?? []
      let wanted = Set(references.map(\.key))
      for leaver in leavers where !wanted.contains(leaver) {
        guard let id = try? await id(of: leaver, at: connector, leading) else { continue }
        wish.references[leaver] = id
        references.append(.init(leaver, until: .distantPast))
      }
      desired.members?.references = references.sorted { $0.key < $1.key }
    }
    if let live, let old { wish.dropped = connector.dropped(from: old, to: desired, in: live) }
    wish.desired = desired
    wish.password = after["password"]?.string.map(Secret.init)
    return wish
  }

  /// The id at a connector of what has this id at the leading one.
  private func id(
    of reference: ResourceKey, at connector: ProxiedConnector, _ leading: ProxiedConnector
  ) async throws(EndpointError) -> String {
    if connector.connector.name == leading.connector.name { return reference.name }
    let missing = EndpointError(.rejected, "\(reference.kind) \(reference.name), which is referred to, is not there")
    guard let type = leading.catalog.resourceType(reference.kind),
      let known = try await leading.resource(reference.name, of: type)
    else { throw missing }
    let identity = connector.desired(leading.told(known, type).attributes, type, id: reference.name)
    let found = try await connector.find(identity)
    guard found.count == 1 else { throw missing }
    return found[0].id
  }

  /// The attributes with the types of members said: whoever does not say means users.
  private func typed(_ attributes: JSONObject) -> JSONObject {
    var typed = attributes
    for name in ["members", "users", "groups"]
    where attributes[name]?.array != nil && !(name == "groups" && type.name == "User") {
      let kind = name == "groups" ? "Group" : "User"
      typed[name] = .array(
        (attributes[name]?.array ?? []).map { element in
          guard var object = element.object, object["type"] == nil else { return element }
          object["type"] = .string(kind)
          return .object(object)
        })
    }
    return typed
  }
}
