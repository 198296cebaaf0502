import HTTPTypes
import Hummingbird
import HummingbirdCore
import LocalDirectory
import Logging
import NIOHTTP1
import SCIM

/// Answers every request: finds the route, asks who it is and whether they may, has it done, and writes one line into the log.
struct ServiceResponder: HTTPResponder {
  private let configuration: ServerConfiguration
  private let catalog: SchemaCatalog
  private let authenticator: any Authenticator
  private let service: SCIMService
  private let health: HealthCheck

  init(directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator) {
    self.configuration = configuration
    self.authenticator = authenticator
    catalog = directory.catalog
    service = SCIMService(directory: directory, configuration: configuration)
    health = HealthCheck(directory: directory)
  }

  /// - Throws: `HTTPParserError` only, for a body that is not HTTP: Hummingbird answers it and closes the connection.
  func respond(to request: Request, context: ServerContext) async throws -> Response {
    let start = ContinuousClock.now
    var actor: Principal?
    let response: Response
    do {
      response = try await answer(request, context, actor: &actor)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      response = refusal(of: error, context)
    }
    context.logger.info(
      "request",
      metadata: [
        "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
        "duration": "\(ContinuousClock.now - start)", "actor": "\(actor?.name ?? "-")",
      ])
    return response
  }

  private func answer(_ request: Request, _ context: ServerContext, actor: inout Principal?) async throws -> Response {
    guard let route = Route(path: request.uri.path, basePath: configuration.basePath, catalog: catalog) else {
      throw Refusal.notFound
    }
    guard route.methods.contains(request.method) else { throw Refusal.methodNotAllowed(route) }
    switch route {
    case .liveness: return health.live
    case .readiness: return await health.ready(context.logger)
    default: break
    }
    let principal = try await authenticated(request, context)
    actor = principal
    guard principal.may(request.method, route) else { throw Refusal.forbidden }
    let base = BaseAddress(of: request, to: context, configuration)
    return try await service.respond(to: SCIMRequest(request: request, principal: principal, base: base), at: route)
  }

  private func authenticated(_ request: Request, _ context: ServerContext) async throws -> Principal {
    guard let credential = request.headers[.authorization].flatMap(Credential.init(authorization:)) else {
      throw Refusal.unauthorized
    }
    do {
      guard let principal = try await authenticator.principal(for: credential, from: context.remoteAddress) else {
        throw Refusal.unauthorized
      }
      return principal
    } catch let error as LoginThrottled {
      throw Refusal.throttled(error)
    }
  }

  /// The answer to a failure; of one that is ours the client learns the number of the request, and the log the rest.
  private func refusal(of error: any Error, _ context: ServerContext) -> Response {
    switch error {
    case let refusal as Refusal: return .scim(refusal.error, headers: refusal.headers)
    case let error as SCIMError: return .scim(error)
    default:
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      return .scim(
        SCIMError(status: 500, nil, "The server failed; its log has the reason under request \(context.id)."))
    }
  }
}
