import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIMService {
  /// A request of an application of which nothing is kept here.
  func respond(
    to request: SCIMRequest, at route: Route, through application: ProxiedApplication
  ) async throws -> Response {
    // What cannot be answered must not be carried out.
    _ = try request.projection
    switch (route, request.request.method) {
    case (.resources(let type), .post):
      return try response(
        .created, await application.create(type, body(of: request)), told: type, to: request)
    case (.resources(let type), _):
      return try await find(try SearchRequest(try request.parameters), type, application, request)
    case (.search(let type), _):
      return try await find(try SearchRequest(try await body(of: request)), type, application, request)
    case (.resource(let type, let id), .put):
      let given = try await body(of: request)
      return try response(
        .ok, await application.update(type, id, isReplacement: true, matching: request.accepts) { _ in given },
        told: type, to: request)
    case (.resource(let type, let id), .patch):
      let patch = try PatchRequest(asked: try await body(of: request))
      let patcher = ResourcePatcher(type: type, catalog: directory.catalog)
      let patched = try await application.update(type, id, isReplacement: false, matching: request.accepts) { before in
        try patcher.applying(patch.operations, to: before.attributes)
      }
      return try response(.ok, patched, told: type, to: request)
    case (.resource(let type, let id), .delete):
      try await application.delete(type, id, matching: request.accepts)
      return Response(status: .noContent)
    case (.resource(let type, let id), _):
      return try response(.ok, await application.resource(type, id), told: type, to: request)
    default: throw SCIMError.notProxied
    }
  }

  private func find(
    _ search: SearchRequest, _ type: ResourceType, _ application: ProxiedApplication, _ request: SCIMRequest
  ) async throws -> Response {
    guard let sought = search.filter?.sought, search.cursor == nil, search.sortBy == nil else {
      throw SCIMError.notProxied
    }
    let found = try await application.find(type, where: sought.attribute, equals: sought.value)
    let projection = Projection(attributes: search.attributes, excluding: search.excludedAttributes)
    let start = max(search.startIndex ?? 1, 1)
    let page = found.dropFirst(start - 1).prefix(max(min(search.count ?? found.count, configuration.maxResults), 0))
    let list = ListResponse(
      resources: page.map { resource in
        form(for: request).rendered(
          Resource(projection.applied(to: resource.attributes, of: type, catalog: directory.catalog)))
      }, totalResults: found.count, startIndex: start)
    return .scim(.ok, .object(list.json))
  }

  private func response(
    _ status: HTTPResponse.Status, _ resource: Resource, told type: ResourceType, to request: SCIMRequest
  ) throws -> Response {
    let projection = try request.projectionWithTag
    let told = Resource(projection.applied(to: resource.attributes, of: type, catalog: directory.catalog))
    return try response(status, told, of: type, to: request)
  }
}
