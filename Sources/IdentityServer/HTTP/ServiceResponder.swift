import HTTPTypes
import Hummingbird
import HummingbirdCore
import LocalDirectory
import Logging
import NIOHTTP1
import SCIM

/// Answers every request: hands it to the service that its path belongs to, and writes one line into the log.
struct ServiceResponder: HTTPResponder {
  private let authenticator: any Authenticator
  /// The first that owns a path answers; the last owns whatever is left.
  private let services: [any WebService]

  init(directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator) {
    self.authenticator = authenticator
    services = [
      HealthService(directory: directory),
      SCIMService(directory: directory, configuration: configuration),
    ]
  }

  /// - Throws: `HTTPParserError` only, for a body that is not HTTP: Hummingbird answers it and closes the connection.
  func respond(to request: Request, context: ServerContext) async throws -> Response {
    let start = ContinuousClock.now
    let exchange = Exchange(request, context, authenticator: authenticator)
    let response = try await answer(exchange)
    context.logger.info(
      "request",
      metadata: [
        "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
        "duration": "\(ContinuousClock.now - start)", "actor": "\(exchange.principal?.name ?? "-")",
      ])
    return response
  }

  private func answer(_ exchange: Exchange) async throws -> Response {
    guard let service = services.first(where: { $0.owns(exchange.request.uri.path) }) else {
      return .scim(Refusal.notFound.error)
    }
    do {
      return try await service.respond(to: exchange)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      return service.response(to: refusal(of: error, exchange.context))
    }
  }

  /// What the client learns of a failure; of one that is ours the number of the request, and the log the rest.
  private func refusal(of error: any Error, _ context: ServerContext) -> Refusal {
    switch error {
    case let refusal as Refusal: return refusal
    case let error as SCIMError: return Refusal(error: error)
    default:
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      return Refusal(
        error: SCIMError(status: 500, nil, "The server failed; its log has the reason under request \(context.id)."))
    }
  }
}
