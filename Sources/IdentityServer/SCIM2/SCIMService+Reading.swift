import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import NIOCore
import SCIM

extension SCIMService {
  /// GET of one resource (RFC 7644 section 3.4.1), 304 when the client has it already (section 3.14).
  func read(_ type: ResourceType, _ id: String, _ request: SCIMRequest) async throws -> Response {
    let whole =
      if try request.projection == .standard {
        response(
          .ok, try await directory.text(type: type, id: id, as: form(for: request)), of: type, to: request)
      } else {
        try response(
          .ok, await directory.resource(type: type, id: id, projection: request.projectionWithTag), of: type,
          to: request)
      }
    let version = whole.headers[single: .eTag]
    guard request.accepts(version) else {
      throw SCIMError(status: 412, nil, "The \(type.name) has another version than the request expects.")
    }
    return request.knows(version) ? whole.notModified : whole
  }

  /// GET of resource types (section 3.4.2).
  func list(_ types: [ResourceType], _ request: SCIMRequest) async throws -> Response {
    try await list(types, SearchRequest(try request.parameters), request)
  }

  /// POST to `/.search`: the same question in a body, so that it stands in no log (section 3.4.3).
  func search(_ types: [ResourceType], _ request: SCIMRequest) async throws -> Response {
    try await list(types, SearchRequest(try await body(of: request)), request)
  }

  private func list(_ types: [ResourceType], _ search: SearchRequest, _ request: SCIMRequest) async throws -> Response {
    let query = ListQuery(
      filter: search.filter?.relative(to: request.base), domain: search.domain, sortBy: search.sortBy,
      descending: search.descending, startIndex: search.startIndex ?? 1,
      count: min(search.count ?? configuration.defaultPageSize, configuration.maxResults),
      attributes: search.attributes, excludedAttributes: search.excludedAttributes)
    if search.cursor == nil, let text = try await directory.text(types: types, query, as: form(for: request)) {
      return .scim(.ok, ByteBuffer(bytes: text))
    }
    var list =
      if let cursor = search.cursor {
        try await page(at: cursor, types, query, count: search.count)
      } else {
        try await directory.list(types: types, query)
      }
    list.resources = list.resources.map(configuration.groupNames.rendered).map(request.base.absolute)
    return .scim(.ok, .object(list.json))
  }

  /// The page that a cursor names (RFC 9865); an empty cursor names the first.
  private func page(
    at cursor: String, _ types: [ResourceType], _ query: ListQuery, count: Int?
  ) async throws -> ListResponse {
    let asked = query.identity(types)
    let position = cursor.isEmpty ? nil : try cursors.position(cursor, count: count, of: asked)
    var (list, next) = try await directory.list(types: types, query, after: position)
    list.nextCursor = try next.map { try cursors.cursor($0, count: count, of: asked) }
    return list
  }
}

extension ListQuery {
  /// What the requests for all pages of a listing have in common. Which attributes are returned may change between them.
  fileprivate func identity(_ types: [ResourceType]) -> String {
    let parts: [JSONValue] = [
      .array(types.map { .string($0.name) }), .string(filter?.description ?? ""), .string(sortBy?.description ?? ""),
      .bool(descending), .string(domain ?? ""),
    ]
    return JSONValue.array(parts).text
  }
}

extension SearchRequest {
  /// The question as a query string asks it (RFC 7644 section 3.4.2).
  /// - Throws: `SCIMError` 400 for a parameter that cannot be read.
  init(_ parameters: QueryParameters) throws(SCIMError) {
    self.init(
      attributes: try parameters.paths("attributes"), excludedAttributes: try parameters.paths("excludedAttributes"),
      filter: try parameters["filter"].map { text throws(SCIMError) in try Filter(parsing: text) },
      sortBy: try parameters["sortBy"].map { text throws(SCIMError) in try AttributePath(parsing: text) },
      descending: try Self.isDescending(parameters["sortOrder"]),
      startIndex: try parameters.int("startIndex"), count: try parameters.int("count"),
      cursor: parameters.text("cursor"), domain: parameters["domain"])
  }

  private static func isDescending(_ order: String?) throws(SCIMError) -> Bool {
    switch order?.lowercased() {
    case nil, "ascending": return false
    case "descending": return true
    default: throw SCIMError(status: 400, .invalidValue, "sortOrder must be ascending or descending.")
    }
  }
}
