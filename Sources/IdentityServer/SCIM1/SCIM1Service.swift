import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// SCIM 1.1 as WSO2 Identity Server serves it, over the same directory as SCIM 2.0: what one writes the other reads.
///
/// Where WSO2 and the specification part, WSO2's own connector decides: nothing found is 404, DELETE answers 200, a body
/// that is not JSON is 406, and members may be told by their names alone.
struct SCIM1Service: WebService {
  let directory: Directory
  let configuration: ServerConfiguration
  let proxied: ProxiedApplications

  func owns(_ path: String) -> Bool { path.hasPrefix(SCIM1Route.basePath + "/") }

  func response(to refusal: Refusal) -> Response {
    .scim1(
      HTTPResponse.Status(code: refusal.error.status), Dialect11.encoded(refusal.error), headers: refusal.headers)
  }

  func respond(to exchange: Exchange) async throws -> Response {
    let request = exchange.request
    let path = request.uri.path.dropFirst(SCIM1Route.basePath.count)
    guard let route = SCIM1Route(path: path, catalog: directory.catalog) else { throw Refusal.notFound }
    let method = try request.effectiveMethod
    guard route.methods.contains(method) else { throw Refusal.methodNotAllowed(route.methods) }
    let principal = try await exchange.authenticated()
    guard principal.may(method, route) else { throw Refusal.forbidden }
    guard request.acceptsJSON else { throw SCIMError(status: 406, nil, "Answers are application/json.") }
    let call = SCIM1Request(
      request: request, context: exchange.context, method: method, principal: principal,
      author: exchange.author(principal),
      base: BaseAddress(of: request, to: exchange.context, configuration, path: SCIM1Route.basePath))
    if route != .serviceProviderConfigs, let application = try await proxied.application(of: principal, call.author) {
      return try await respond(to: call, at: route, through: application)
    }
    return try await respond(to: call, at: route)
  }

  private func respond(to request: SCIM1Request, at route: SCIM1Route) async throws -> Response {
    switch route {
    case .serviceProviderConfigs: return serviceProviderConfigs
    case .bulk: return try await bulk(request)
    case .resources(let type) where request.method == .post: return try await create(type, request)
    case .resources(let type): return try await list(type, request)
    case .resource(let type, let id): return try await respond(to: request, on: type, id)
    case .me:
      guard let id = request.principal.userID, let users = directory.catalog.resourceType("User") else {
        throw SCIMError(status: 404, nil, "This token stands for no user.")
      }
      if request.principal.rights == .itself { return try await respondToSelf(request, users, id) }
      return try await respond(to: request, on: users, id)
    }
  }

  private func respond(to request: SCIM1Request, on type: ResourceType, _ id: String) async throws -> Response {
    switch request.method {
    case .put: try await replace(type, id, request)
    case .patch: try await patch(type, id, request)
    case .delete: try await delete(type, id, request)
    default: try await read(type, id, request)
    }
  }

  private var serviceProviderConfigs: Response {
    let capabilities = Capabilities(
      supportsPatch: true, supportsBulk: true, supportsFilter: true, supportsSort: true, supportsEntityTags: true,
      supportsChangePassword: true, maxResults: configuration.maxResults,
      maxBulkOperations: configuration.maxBulkOperations,
      maxBulkPayload: configuration.maxBodySize, catalog: directory.catalog)
    let config = capabilities.serviceProviderConfig(authenticationSchemes: [.basic, .bearer])
    return .scim1(.ok, Dialect11.encodedConfiguration(config))
  }

  /// A resource as clients of SCIM 1.1 read it.
  func encoded(_ resource: Resource, of type: ResourceType, for request: SCIM1Request) -> Resource {
    let named = configuration.groupNames.rendered(resource)
    return Dialect11.encoded(request.base.absolute(named), of: type)
  }
}
