import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// Gathers what a connector's work needs from the directory and from what the connector remembers.
struct DirectorySurvey {
  private static let pageSize = 1000

  let connector: Connector
  let directory: Directory
  let store: any ProvisioningStore
  let secretBox: SecretBox?

  private var resources: DirectoryResources {
    DirectoryResources(catalog: directory.catalog, domain: connector.userStoreDomain)
  }

  // MARK: Some resources

  /// What is to be done about these resources, and about the groups of those that are new there.
  func work(on keys: Set<ResourceKey>) async throws -> ProvisioningWork {
    var work = ProvisioningWork()
    try await add(keys.filter { connector.kinds.contains($0.kind) }, to: &work)
    let newcomers = work.desired.keys.filter { work.links[$0] == nil }
    if !newcomers.isEmpty {
      let places = try await containers(of: newcomers)
      try await add(places.subtracting(work.targets), to: &work)
    }
    try await addLinks(to: work.desired.values.reduce(into: []) { $0.formUnion($1.referredTo) }, in: &work)
    work.passwords = try await passwords(of: work.targets)
    return work
  }

  private func add(_ keys: Set<ResourceKey>, to work: inout ProvisioningWork) async throws {
    work.targets.formUnion(keys)
    try await addLinks(to: keys, in: &work)
    for key in keys {
      guard let type = directory.catalog.resourceType(key.kind),
        let resource = try await resource(key.name, of: type),
        connector.filter.takes(resource, as: type, directory.catalog)
      else { continue }
      take(resource, as: type, into: &work)
    }
  }

  private func take(_ resource: Resource, as type: ResourceType, into work: inout ProvisioningWork) {
    work.desired[ResourceKey(type.name, resource.id)] = resources.desired(resource, as: type)
    if connector.mapsRoles, type.name == "User" { work.addRoles(of: resource) }
  }

  private func resource(_ id: String, of type: ResourceType) async throws -> Resource? {
    do {
      return try await directory.resource(type: type, id: id)
    } catch let error as SCIMError where error.status == 404 {
      return nil
    }
  }

  private func addLinks(to keys: Set<ResourceKey>, in work: inout ProvisioningWork) async throws {
    let unknown = keys.filter { work.links[$0] == nil }
    guard !unknown.isEmpty else { return }
    work.add(try await store.links(of: connector.name, to: unknown.map(\.name)))
  }

  /// The groups and roles, of the kinds that the connector provisions, that list these resources.
  private func containers(of keys: [ResourceKey]) async throws -> Set<ResourceKey> {
    let places = try await directory.containers(of: keys.map(\.name))
    return Set(places.map { ResourceKey($0.type, $0.id) }.filter { connector.kinds.contains($0.kind) })
  }

  /// Looks up who the members are that groups have there, and stands in for what is linked and not read.
  func recognise(_ work: inout ProvisioningWork) async throws {
    let members = work.live.values.flatMap(\.resources).flatMap(\.memberIDs)
    if !members.isEmpty { work.add(try await store.links(of: connector.name, remoteIDs: Set(members).sorted())) }
    for kind in connector.kinds where work.live[kind] == nil { work.live[kind] = .init(resources: []) }
    for (key, link) in work.links where !work.targets.contains(key) {
      work.live[key.kind]?.resources.append(Resource(["id": .string(link.remoteID)]))
    }
  }

  private func passwords(of targets: Set<ResourceKey>) async throws -> [ResourceKey: Secret] {
    guard connector.provisionsPasswords, let secretBox else { return [:] }
    let sealed = try await store.sealedPasswords(for: connector.name)
    var passwords: [ResourceKey: Secret] = [:]
    for (id, text) in sealed {
      let key = ResourceKey("User", id)
      guard targets.isEmpty || targets.contains(key) else { continue }
      passwords[key] = secretBox.open(text, for: id).map(Secret.init)
    }
    return passwords
  }

  // MARK: All resources

  /// Everything that the directory holds for this connector, and everything that the connector knows.
  /// - Parameter cursor: the last event that was read.
  func allWork(_ newcomers: Newcomers, after cursor: Int) async throws -> ProvisioningWork {
    var work = ProvisioningWork()
    work.add(try await store.links(of: connector.name))
    let exempt = try await store.exemptions(of: connector.name)
    let comes = { (id: String) in
      switch newcomers {
      case .all: !exempt.contains(id)
      case .only(let ids): ids.contains(id)
      }
    }
    for type in connector.kinds.compactMap(directory.catalog.resourceType) {
      var position: ListPosition?
      repeat {
        let page = try await directory.list(types: [type], ListQuery(count: Self.pageSize), after: position)
        for resource in page.list.resources where connector.filter.takes(resource, as: type, directory.catalog) {
          let key = ResourceKey(type.name, resource.id)
          guard work.links[key] != nil || comes(resource.id) else { continue }
          take(resource, as: type, into: &work)
        }
        position = page.next
      } while position != nil
    }
    // Only now: whatever was found came with an event that is there by now.
    work.awaited = try await arrivals(after: cursor).subtracting(work.links.keys)
    for key in work.awaited { work.desired[key] = nil }
    work.passwords = try await passwords(of: [])
    return work
  }

  /// What came in after an event.
  private func arrivals(after cursor: Int) async throws -> Set<ResourceKey> {
    var arrivals: Set<ResourceKey> = []
    try await directory.readEvents(after: cursor) { events in
      for event in events where event.action == .create { arrivals.insert(ResourceKey(event.resourceType, event.id)) }
    }
    return arrivals
  }
}

extension ProvisioningWork {
  mutating func add(_ links: [ProvisioningLink]) {
    for link in links { self.links[ResourceKey(link.type, link.id)] = link }
  }
}
