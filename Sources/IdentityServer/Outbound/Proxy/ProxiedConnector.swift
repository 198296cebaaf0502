import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// One connector at work for an application of which nothing is kept here: there is no ledger, and what a resource is
/// called ties it.
struct ProxiedConnector: Sendable {
  /// What is to become of one resource there.
  struct Wish {
    var key: ResourceKey
    /// nil: to be gone.
    var desired: DesiredResource?
    /// As it is there; nil: not there.
    var live: Resource?
    /// The attributes that are to be cleared, as the endpoint has them.
    var dropped: JSONObject = [:]
    /// The ids there of what the resource refers to.
    var references: [ResourceKey: String] = [:]
    var password: Secret?
  }

  let connector: Connector
  let endpoint: any Endpoint
  let capabilities: Capabilities
  /// The resource types as clients know them.
  let catalog: SchemaCatalog
  let now: @Sendable () -> Date

  // MARK: Reading

  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    guard let there = capabilities.catalog.resourceType(type.name) else { return nil }
    return try await endpoint.resource(id, of: there)
  }

  /// What carries the identity of a resource, or the value of one of its attributes.
  /// - Parameter attribute: nil tries one tie after the other.
  func find(_ resource: DesiredResource, by attribute: String? = nil) async throws(EndpointError) -> [Resource] {
    guard let there = capabilities.catalog.resourceType(resource.key.kind),
      let identity = EndpointIdentity(of: resource, at: connector.declaration, capabilities)
    else { return [] }
    for tie in identity.ties where attribute.map({ $0 == tie.attribute }) ?? true {
      let found = try await endpoint.find(there, where: tie.attribute, equals: tie.value)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// A resource as the endpoint is to hold it.
  func desired(_ attributes: JSONObject, _ type: ResourceType, id: String) -> DesiredResource {
    var resource = Resource(attributes)
    resource.attributes["id"] = .string(id)
    let resources = DirectoryResources(catalog: catalog, domain: connector.userStoreDomain)
    return resources.desired(resource, as: type)
  }

  /// A resource there as clients of this server read it: the mapping turned round, with addresses of this server.
  func told(_ live: Resource, _ type: ResourceType) -> Resource {
    let inverse = MappingInverse(of: connector.declaration, catalog: catalog)
    var told = inverse.resources(of: [type.name: [live]]).listings[type.name]?.first ?? live
    told.attributes = told.attributes.withoutReferences
    var meta = live["meta"]?.object ?? [:]
    meta["resourceType"] = .string(type.name)
    meta["location"] = .string("\(type.endpoint)/\(live.id)")
    told.attributes["meta"] = .object(meta)
    told.attributes["id"] = .string(live.id)
    let naming = type.name == "User" ? "userName" : "displayName"
    if let domain = connector.userStoreDomain, let name = told[naming]?.string,
      name.lowercased().hasPrefix(domain.lowercased() + "/")
    {
      told.attributes[naming] = .string(String(name.dropFirst(domain.count + 1)))
    }
    return told
  }

  /// Of what is there, the attributes that one state of a resource has and the next has not.
  func dropped(from before: DesiredResource, to after: DesiredResource, in live: Resource) -> JSONObject {
    func mapped(_ resource: DesiredResource) -> JSONObject {
      EndpointIdentity(of: resource, at: connector.declaration, capabilities)?.attributes ?? [:]
    }
    let (old, new) = (mapped(before), mapped(after))
    var dropped: JSONObject = [:]
    for member in old.members {
      guard let there = live[member.key] else { continue }
      if new[member.key] == nil {
        dropped[member.key] = there
      } else if member.key.hasPrefix("urn:"), let parts = member.value.object {
        let gone = parts.keys.filter { new[member.key]?[$0] == nil }
        let kept = (there.object ?? [:]).members.filter { gone.contains($0.key) }
        if !kept.isEmpty { dropped[member.key] = .object(JSONObject(uniqueMembers: kept)) }
      }
    }
    return dropped
  }

  // MARK: Writing

  /// Sends what differs.
  /// - Returns: the id there.
  func fulfil(_ wish: Wish) async throws(EndpointError) -> String? {
    let work = work(for: wish)
    let planner = ProvisioningPlanner(
      work: work, declaration: connector.declaration, capabilities: capabilities, ownUserName: endpoint.ownUserName,
      now: now())
    guard let plan = planner.plan() else { return wish.live?.id }
    if let withheld = plan.withheld.first { throw EndpointError(.rejected, withheld.reason) }
    let guards = Guardrail.standard().filter { ["protected", "ownAccount"].contains($0.name) }
    if case .refused(let objections) = review(Plan(endpoints: [plan]), with: guards) {
      throw EndpointError(.forbidden, objections.map(\.message).joined(separator: "; "))
    }
    var run = ChangeRun(
      plan.changes, at: endpoint, capabilities.catalog, width: 1, ids: work.links.mapValues(\.remoteID),
      isFatal: { _ in false })
    var id = wish.live?.id
    for (change, result) in await run.run() {
      switch result {
      case .applied(let entry): if change.key == wish.key { id = entry?.remoteID }
      case .failed(let error): throw error
      case .skipped, nil: throw EndpointError(.rejected, "\(change.key) waits for what could not be done")
      }
    }
    return id
  }

  private func work(for wish: Wish) -> ProvisioningWork {
    var work = ProvisioningWork()
    work.targets = [wish.key]
    work.desired[wish.key] = wish.desired
    if let live = wish.live { work.add([link(wish.key, to: live.id, wish.dropped)]) }
    work.add(wish.references.filter { $0.key != wish.key }.map { link($0, to: $1, [:]) })
    work.passwords[wish.key] = connector.provisionsPasswords ? wish.password : nil
    for kind in Set(connector.kinds).union(["User", "Group"]) { work.live[kind] = .init(resources: []) }
    for (key, link) in work.links {
      let resource = key == wish.key ? wish.live : nil
      work.live[key.kind]?.resources.append(resource ?? Resource(["id": .string(link.remoteID)]))
    }
    return work
  }

  private func link(_ key: ResourceKey, to id: String, _ applied: JSONObject) -> ProvisioningLink {
    ProvisioningLink(
      type: key.kind, id: key.name, remoteID: id, isAdopted: true, applied: applied, updatedAt: now())
  }
}

extension JSONObject {
  /// The same without `$ref`, at every depth: what they name is elsewhere.
  fileprivate var withoutReferences: JSONObject {
    JSONObject(members.filter { $0.key != "$ref" }.map { ($0.key, $0.value.withoutReferences) })
  }
}

extension JSONValue {
  fileprivate var withoutReferences: JSONValue {
    switch self {
    case .object(let object): .object(object.withoutReferences)
    case .array(let elements): .array(elements.map(\.withoutReferences))
    case .null, .bool, .number, .string: self
    }
  }
}
