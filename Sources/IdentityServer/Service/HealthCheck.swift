import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import Logging
import SCIM

/// Tells whoever runs the server whether to restart it (`live`) and whether to send it requests (`ready`).
struct HealthCheck: Sendable {
  private let directory: Directory

  init(directory: Directory) { self.directory = directory }

  /// Answers as long as anything answers.
  var live: Response { .plain(.ok, ["status": "ok"]) }

  /// 503 while the store cannot be read; the log has the reason.
  func ready(_ logger: Logger) async -> Response {
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
