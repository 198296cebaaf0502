import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import LocalDirectory
import NIOCore
import SCIM

/// The SCIM protocol (RFC 7644) over the directory, the same for every resource type.
struct SCIMService: WebService {
  let directory: Directory
  let configuration: ServerConfiguration
  /// What requests are counted as.
  let routeNames: [String: String]
  let cursors: CursorSeal
  private let proxied: ProxiedApplications
  private let discovery: DiscoveryDocuments

  init(directory: Directory, configuration: ServerConfiguration, proxied: ProxiedApplications) {
    self.proxied = proxied
    self.directory = directory
    self.configuration = configuration
    routeNames = Self.routeNames(directory.catalog)
    cursors = CursorSeal(configuration.cursorSecret)
    discovery = DiscoveryDocuments(catalog: directory.catalog, configuration)
  }

  func owns(_ path: String) -> Bool { path.hasPrefix(configuration.basePath) }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  func respond(to exchange: Exchange) async throws -> Response {
    let request = exchange.request
    guard let route = Route(path: exchange.path, basePath: configuration.basePath, catalog: directory.catalog) else {
      throw Refusal.notFound
    }
    guard route.methods.contains(request.method) else { throw Refusal.methodNotAllowed(route.methods) }
    let base = BaseAddress(of: request, to: exchange.context, configuration)
    if route == .serviceProviderConfig, !request.headers.contains(.authorization) {
      // How to authenticate is told to whoever has not yet (RFC 7643 section 5).
      return try discovery.response(to: request, at: route, of: base)
    }
    let principal = try await exchange.authenticated()
    guard principal.may(request.method, route) || principal.asksAboutItself(route) else { throw Refusal.forbidden }
    let scim = SCIMRequest(
      request: request, principal: principal, author: exchange.author(principal), base: base)
    if !route.isDiscovery, let application = try await proxied.application(of: principal, scim.author) {
      return try await respond(to: scim, at: route, through: application)
    }
    return try await respond(to: scim, at: route, exchange.context)
  }

  private func respond(to request: SCIMRequest, at route: Route, _ context: ServerContext) async throws -> Response {
    switch route {
    case .serviceProviderConfig, .schemas, .resourceTypes:
      return try discovery.response(to: request.request, at: route, of: request.base)
    case .resources(let type) where request.request.method == .post: return try await create(type, request)
    case .resources(let type): return try await list([type], request)
    case .search(let type): return try await search([type], request)
    case .root: return try await list(try readableTypes(request.principal), request)
    case .rootSearch: return try await search(try readableTypes(request.principal), request)
    case .bulk: return try await bulk(request, context.signedLogger)
    case .me where request.request.method == .post:
      throw SCIMError(
        status: 501, nil, "Nobody can register themselves here; an administrator creates users at /Users.")
    case .resource(let type, let id): return try await respond(to: request, on: type, id)
    case .me: return try await respondAtMe(request)
    }
  }

  /// What a query to the service as a whole is about.
  private func readableTypes(_ principal: Principal) throws -> [ResourceType] {
    let types = directory.catalog.resourceTypes.filter { principal.may(.read, $0.name) }
    guard !types.isEmpty else { throw Refusal.forbidden }
    return types
  }

  func respond(to request: SCIMRequest, on type: ResourceType, _ id: String) async throws -> Response {
    switch request.request.method {
    case .put: try await replace(type, id, request)
    case .patch: try await patch(type, id, request)
    case .delete: try await delete(type, id, request)
    default: try await read(type, id, request)
    }
  }

  /// How resources read in the answers to a request.
  func form(for request: SCIMRequest) -> ResourceForm {
    ResourceForm(base: request.base.text, isPlain: configuration.groupNames == .plain) {
      [groupNames = configuration.groupNames, base = request.base] in base.absolute(groupNames.rendered($0))
    }
  }

  /// As much of a resource as the client wants.
  /// - Parameter resource: with its tag.
  func response(
    _ status: HTTPResponse.Status, _ resource: Resource, of type: ResourceType, to request: SCIMRequest
  ) throws -> Response {
    let projection = try request.projection
    var told = resource
    if projection != .standard {
      told = Resource(projection.applied(to: resource.attributes, of: type, catalog: directory.catalog))
    }
    let text = form(for: request).rendered(told).attributes.serialized()
    return response(status, text, of: type, resource.id, at: resource.version, to: request)
  }

  func response(
    _ status: HTTPResponse.Status, _ resource: ResourceText, of type: ResourceType, to request: SCIMRequest
  ) -> Response {
    response(status, resource.text, of: type, resource.id, at: resource.version, to: request)
  }

  /// The resource with its place and its tag.
  private func response(
    _ status: HTTPResponse.Status, _ text: [UInt8], of type: ResourceType, _ id: String, at version: String?,
    to request: SCIMRequest
  ) -> Response {
    var headers: HTTPFields = [.location: request.location(of: type, id)]
    headers[.eTag] = version
    return .scim(status, ByteBuffer(bytes: text), headers: headers)
  }

  func body(of request: SCIMRequest) async throws -> JSONObject {
    try await request.request.object(maxSize: configuration.maxBodySize)
  }
}
