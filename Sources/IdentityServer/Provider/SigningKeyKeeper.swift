import Logging
import ServiceLifecycle

/// Sees to it that there are keys to sign with from the first minute on, that they are replaced in time although nobody signs
/// in, and that the log tells of keys whose secret is lost.
package struct SigningKeyKeeper: Service {
  private let keys: SigningKeys
  private let interval: Duration
  private let logger: Logger

  package init(_ keys: SigningKeys, interval: Duration = .seconds(3600), logger: Logger) {
    self.keys = keys
    self.interval = interval
    self.logger = logger
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await keys.prepare()
        } catch {
          logger.error("nothing can be signed", metadata: ["error": "\(error)"])
        }
        try? await Task.sleep(for: interval)
      }
    }
  }
}
