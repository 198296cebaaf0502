import Logging
import ServiceLifecycle

/// Sees to it that there are keys to sign with from the first minute on, and that they are replaced in time although nobody
/// signs in.
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
          _ = try await keys.current()
        } catch {
          logger.error("signing keys not kept", metadata: ["error": "\(error)"])
        }
        try? await Task.sleep(for: interval)
      }
    }
  }
}
