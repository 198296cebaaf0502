import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension WSO2Endpoint {
  /// The most that a user store brings unless it is configured otherwise.
  private static let pageSize = 100

  package func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try await page(of: type, at: position, interest: .all)
  }

  /// What the server says to be the total is often that of the page, and a user store may bring less than was asked for:
  /// only an empty page ends a listing.
  package func page(
    of type: ResourceType, at position: PagePosition?, interest: ListingInterest
  ) async throws(EndpointError) -> ResourcePage {
    if let collection = type.managedCollection {
      let all = collection == .applications ? try await applications() : try await identityProviders()
      return ResourcePage(resources: all, totalResults: all.count, next: nil, endIsCertain: true)
    }
    let stores = stores(of: type)
    guard var place = WSO2Place(position), place.store < max(stores.count, 1) else {
      throw EndpointError(.rejected, "there is no such page at WSO2 Identity Server")
    }
    while true {
      let found = try await list(
        type, in: stores.isEmpty ? nil : stores[place.store],
        [(name: "startIndex", value: String(place.start)), (name: "count", value: String(Self.pageSize))])
      if !found.isEmpty {
        place.start += found.count
        return ResourcePage(
          resources: try await whole(found, type, interest), totalResults: nil,
          next: place.position(amongStores: !stores.isEmpty),
          endIsCertain: true)
      }
      guard place.store + 1 < stores.count else { break }
      (place.store, place.start) = (place.store + 1, 1)
    }
    return ResourcePage(resources: [], totalResults: position == nil ? 0 : nil, next: nil, endIsCertain: true)
  }

  /// The user stores that resources of the type are asked for in, one by one; none where the server looks for itself.
  private func stores(of type: ResourceType) -> [String] { ["User", "Group"].contains(type.name) ? userStores : [] }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    switch type.managedCollection {
    case .identityProviders?: return try await identityProvider(id)?.resource
    case .applications?: return try await serviceProvider(id)
    case nil: break
    }
    let mapping = try await profile().mapping
    return try await scim.resource(id, of: type).map { noted($0.attributes, type, mapping) }
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path = try AttributePath(finding: attribute)
    let filter = Filter.compare(path, .equal, .string(value))
    let catalog = try await capabilities().catalog
    let candidates =
      Self.isPlain(value) && type.managedCollection == nil
      ? try await candidates(type, path, value) : try await all(of: type)
    return candidates.filter { filter.matches($0.attributes, type: type, catalog: catalog) }
  }

  /// Whether the server's filters can say this value: they are split at spaces, and know neither escapes nor all signs.
  private static func isPlain(_ value: String) -> Bool {
    !value.isEmpty && value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-@/".contains($0)) }
  }

  /// What the server finds, which may be more than was asked for.
  private func candidates(
    _ type: ResourceType, _ path: AttributePath, _ value: String
  ) async throws(EndpointError) -> [Resource] {
    let isGroupName = type.name == "Group" && path.attribute.lowercased() == "displayname" && !value.contains("/")
    let known = isGroupName ? WSO2ResourceMapping.primaryStore + value : value
    let filter = Filter.compare(path, .equal, .string(known))
    let stores = stores(of: type)
    var found: [JSONObject] = []
    for store in stores.isEmpty ? [nil] : stores.map(Optional.some) {
      do throws(EndpointError) {
        found += try await list(type, in: store, [(name: "filter", value: filter.description)])
      } catch {
        guard error.kind == .notFound else { throw error }
      }
    }
    var ids: Set<String> = []
    return try await whole(found.filter { ids.insert($0["id"]?.string ?? "").inserted }, type)
  }

  private func all(of type: ResourceType) async throws(EndpointError) -> [Resource] {
    var walk = ListingWalk()
    while walk.take(try await page(of: type, at: walk.position)) {}
    return walk.listing().resources
  }

  private func list(
    _ type: ResourceType, in store: String?, _ parameters: [(name: String, value: String)]
  ) async throws(EndpointError) -> [JSONObject] {
    let domain = store.map { [(name: "domain", value: $0)] } ?? []
    let target = try scim.address.collection(type) + SCIM2Address.query(parameters + domain)
    return try await scim.list(EndpointRequest(.GET, target)).resources.map(\.attributes)
  }

  /// The resources with all they have, as far as they are wanted: of roles a listing brings the names alone.
  private func whole(
    _ found: [JSONObject], _ type: ResourceType, _ interest: ListingInterest = .all
  ) async throws(EndpointError) -> [Resource] {
    let mapping = try await profile().mapping
    guard type.name == "Role" else { return found.map { noted($0, type, mapping) } }
    let roles = found.map { mapping.resource($0, of: type) }
    return try await SideBySide.map(roles) { role throws(EndpointError) in
      interest.wants(role) ? try await self.resource(role.id, of: type) : role
    }.compactMap { $0 }
  }
}
