import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIM1Service {
  /// GET of one resource (protocol, section 3.2.1), 304 when the client has it already (section 3.11).
  func read(_ type: ResourceType, _ id: String, _ request: SCIM1Request) async throws -> Response {
    let resource = try await directory.resource(type: type, id: id, projection: try request.projectionWithTag(of: type))
    let known = SCIMRequest(
      request: request.request, principal: request.principal, author: request.author, base: request.base)
    guard known.accepts(resource.version) else {
      throw SCIMError(status: 412, nil, "The \(type.name) has another version than the request expects.")
    }
    let whole = try response(.ok, resource, of: type, to: request)
    return known.knows(resource.version) ? whole.notModified : whole
  }

  /// GET of a resource type (section 3.2.2). Nothing found is 404, as WSO2 answers and its connector takes it.
  func list(_ type: ResourceType, _ request: SCIM1Request) async throws -> Response {
    var list = try await directory.list(type: type, try query(type, request))
    guard list.totalResults != 0 else {
      throw SCIMError(status: 404, nil, "\(type.name)s not found in the user store.")
    }
    list.resources = list.resources.map { encoded($0, of: type, for: request) }
    return .scim1(.ok, Dialect11.encoded(list))
  }

  private func query(_ type: ResourceType, _ request: SCIM1Request) throws(SCIMError) -> ListQuery {
    let parameters = try request.parameters
    return ListQuery(
      filter: try parameters["filter"].map { text throws(SCIMError) in
        try Dialect11.filter(parsing: text, of: type, catalog: directory.catalog)
      },
      domain: parameters["domain"],
      sortBy: try parameters["sortBy"].map { text throws(SCIMError) in try Dialect11.path(parsing: text, of: type) },
      descending: parameters["sortOrder"]?.lowercased() == "descending",
      startIndex: try parameters.int("startIndex") ?? 1,
      count: min(try parameters.int("count") ?? configuration.defaultPageSize, configuration.maxResults),
      attributes: try request.attributes(of: type), requestedAttributes: SCIM1Request.requested)
  }

  /// As much of a resource as the client wants, with its tag and its place.
  /// - Parameter resource: with its tag.
  func response(
    _ status: HTTPResponse.Status, _ resource: Resource, of type: ResourceType, to request: SCIM1Request
  ) throws -> Response {
    var headers: HTTPFields = [.location: request.location(of: type, resource.id)]
    headers[.eTag] = resource.version
    let projection = try request.projection(of: type)
    var told = resource
    if !projection.attributes.isEmpty {
      told = Resource(projection.applied(to: resource.attributes, of: type, catalog: directory.catalog))
    }
    return .scim1(status, encoded(told, of: type, for: request).attributes, headers: headers)
  }
}
