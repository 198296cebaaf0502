import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension WSO2Endpoint {
  /// The most that a user store brings unless it is configured otherwise.
  private static let pageSize = 100

  /// What the server says to be the total is often that of the page, and a user store may bring less than was asked for:
  /// only an empty page ends a listing.
  package func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    if let collection = type.managedCollection {
      let all = collection == .applications ? try await applications() : try await identityProviders()
      return ResourcePage(resources: all, totalResults: all.count, next: nil, endIsCertain: true)
    }
    guard case .index(let start) = position ?? .index(1) else {
      throw EndpointError(.rejected, "WSO2 Identity Server is read by index")
    }
    let found = try await list(
      type, [(name: "startIndex", value: String(start)), (name: "count", value: String(Self.pageSize))])
    guard !found.isEmpty else {
      return ResourcePage(resources: [], totalResults: start == 1 ? 0 : nil, next: nil, endIsCertain: true)
    }
    return ResourcePage(
      resources: try await whole(found, type), totalResults: nil, next: .index(start + found.count),
      endIsCertain: true)
  }

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
    do throws(EndpointError) {
      return try await whole(try await list(type, [(name: "filter", value: filter.description)]), type)
    } catch {
      guard error.kind == .notFound else { throw error }
      return []
    }
  }

  private func all(of type: ResourceType) async throws(EndpointError) -> [Resource] {
    var walk = ListingWalk()
    while walk.take(try await page(of: type, at: walk.position)) {}
    return walk.listing().resources
  }

  private func list(
    _ type: ResourceType, _ parameters: [(name: String, value: String)]
  ) async throws(EndpointError) -> [JSONObject] {
    let target = try scim.address.collection(type) + SCIM2Address.query(parameters)
    return try await scim.list(EndpointRequest(.GET, target)).resources.map(\.attributes)
  }

  /// The resources with all they have: of roles a listing brings the names alone.
  private func whole(_ found: [JSONObject], _ type: ResourceType) async throws(EndpointError) -> [Resource] {
    let mapping = try await profile().mapping
    guard type.name == "Role" else { return found.map { noted($0, type, mapping) } }
    let roles = found.map { Resource($0) }
    return try await SideBySide.map(roles) { role throws(EndpointError) in
      try await self.resource(role.id, of: type)
    }.compactMap { $0 }
  }
}
