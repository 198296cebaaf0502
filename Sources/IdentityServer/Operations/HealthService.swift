import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import LocalDirectory
import Logging
import SCIM

/// Tells whoever runs the server whether to restart it (`/health/live`) and whether to send it requests
/// (`/health/ready`), without asking who they are.
struct HealthService: WebService {
  private let directory: Directory

  init(directory: Directory) { self.directory = directory }

  func owns(_ path: String) -> Bool { path == "/health/live" || path == "/health/ready" }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    return exchange.request.uri.path == "/health/live" ? live : await ready(exchange.context.signedLogger)
  }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  /// Answers as long as anything answers.
  private var live: Response { .plain(.ok, ["status": "ok"]) }

  /// 503 while the store cannot be read; the log has the reason.
  private func ready(_ logger: Logger) async -> Response {
    do {
      for type in directory.catalog.resourceTypes.prefix(1) {
        _ = try await directory.list(type: type, ListQuery(count: 0))
      }
      return .plain(.ok, ["status": "ok"])
    } catch {
      logger.error("not ready", metadata: ["error": "\(error)"])
      return .plain(.serviceUnavailable, ["status": "unavailable"])
    }
  }
}
