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
    if type.isManaged {
      let providers = try await identityProviders()
      return ResourcePage(resources: providers, totalResults: providers.count, next: nil, endIsCertain: true)
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
    if type.isManaged { return try await identityProvider(id)?.resource }
    let mapping = try await profile().mapping
    return try await scim.resource(id, of: type).map { noted($0.attributes, type, mapping) }
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path: AttributePath
    do {
      path = try AttributePath(parsing: attribute)
    } catch {
      throw EndpointError(.misconfigured, "'\(attribute)' is not an attribute path: \(error.detail)")
    }
    let filter = Filter.compare(path, .equal, .string(value))
    let catalog = try await capabilities().catalog
    let candidates =
      Self.isPlain(value) && !type.isManaged ? try await candidates(type, path, value) : try await all(of: type)
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
    guard let body = try await scim.connection.send(EndpointRequest(.GET, target)).object() else {
      throw EndpointError(.malformed, "the endpoint answered a listing without a body")
    }
    do {
      return try ListResponse(body).resources.map(\.attributes)
    } catch {
      throw EndpointError(.malformed, "the answer is not a list of resources: \(error.detail)")
    }
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

extension ResourceType {
  /// Whether it is found in the management API, and not in that of SCIM.
  var isManaged: Bool { schema == SchemaURN.identityProvider }
}
