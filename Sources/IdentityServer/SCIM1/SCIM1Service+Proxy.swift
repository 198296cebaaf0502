import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIM1Service {
  /// A request of an application of which nothing is kept here.
  func respond(
    to request: SCIM1Request, at route: SCIM1Route, through application: ProxiedApplication
  ) async throws -> Response {
    // What cannot be answered must not be carried out.
    if let type = route.type { _ = try request.projection(of: type) }
    switch (route, request.method) {
    case (.resources(let type), .post):
      let created = try await application.create(type, decoded(try await body(of: request), type))
      return try response(.created, created, told: type, to: request)
    case (.resources(let type), _): return try await find(type, application, request)
    case (.resource(let type, let id), .put):
      let given = decoded(try await body(of: request), type)
      let replaced = try await application.update(type, id, isReplacement: true, matching: request.accepts) { _ in given
      }
      return try response(.ok, replaced, told: type, to: request)
    case (.resource(let type, let id), .patch):
      let change = try PartialResource(try await body(of: request), of: type, catalog: directory.catalog)
      let patcher = ResourcePatcher(type: type, catalog: directory.catalog)
      let patched = try await application.update(type, id, isReplacement: false, matching: request.accepts) { before in
        try patcher.applying(change.operations(on: before.attributes), to: before.attributes)
      }
      return try response(.ok, patched, told: type, to: request)
    case (.resource(let type, let id), .delete):
      try await application.delete(type, id, matching: request.accepts)
      return Response(status: .ok)
    case (.resource(let type, let id), _):
      return try response(.ok, await application.resource(type, id), told: type, to: request)
    default: throw SCIMError.notProxied
    }
  }

  private func find(
    _ type: ResourceType, _ application: ProxiedApplication, _ request: SCIM1Request
  ) async throws -> Response {
    let filter = try request.parameters["filter"].map { text throws(SCIMError) in
      try Dialect11.filter(parsing: text, of: type, catalog: directory.catalog)
    }
    guard let sought = filter?.sought else { throw SCIMError.notProxied }
    let found = try await application.find(type, where: sought.attribute, equals: sought.value)
    guard !found.isEmpty else { throw SCIMError(status: 404, nil, "\(type.name)s not found in the user store.") }
    let list = ListResponse(
      resources: found.map { encoded($0, of: type, for: request) }, totalResults: found.count, startIndex: 1)
    return .scim1(.ok, Dialect11.encoded(list))
  }

  /// What a body says, in the terms of SCIM 2.0. Members go by their ids: their names are known elsewhere alone.
  private func decoded(_ body: JSONObject, _ type: ResourceType) -> JSONObject {
    Dialect11.decoded(Resource(body), of: type).attributes
  }

  private func response(
    _ status: HTTPResponse.Status, _ resource: Resource, told type: ResourceType, to request: SCIM1Request
  ) throws -> Response {
    let projection = try request.projectionWithTag(of: type)
    let told = Resource(projection.applied(to: resource.attributes, of: type, catalog: directory.catalog))
    return try response(status, told, of: type, to: request)
  }
}

extension SCIM1Request {
  /// Whether the client wants this version or does not care.
  fileprivate func accepts(_ version: String?) -> Bool {
    SCIMRequest(request: request, principal: principal, author: author, base: base).accepts(version)
  }
}
