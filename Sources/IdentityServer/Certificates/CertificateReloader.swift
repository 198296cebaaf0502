import Foundation
import Logging
import ServiceLifecycle

/// Gives the server its renewed certificate while it runs: when the files change, when it is told to look, and once a day. What
/// cannot be used is logged, and the certificate in use stays.
struct CertificateReloader: Service {
  let renewal: CertificateRenewal
  let certificate: ServerCertificate
  let now: @Sendable () -> Date
  let logger: Logger

  func run() async throws {
    warnOfExpiry()
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { tasks in
        tasks.addTask { await watch() }
        tasks.addTask {
          for await _ in renewal.requests { reload() }
        }
      }
    }
  }

  private func watch() async {
    var stamp = renewal.source.stamp
    var lastLook = now()
    while !Task.isCancelled {
      do { try await Task.sleep(for: renewal.interval) } catch { return }
      let isDue = now().timeIntervalSince(lastLook) >= 86_400
      guard renewal.source.stamp != stamp || isDue else { continue }
      stamp = renewal.source.stamp
      lastLook = now()
      reload()
    }
  }

  private func reload() {
    do {
      try certificate.exchange(for: try renewal.source.identity(now: now()), now: now())
      logger.info("certificate loaded", metadata: ["expires": "\(certificate.expiry.formatted(.iso8601))"])
    } catch {
      logger.error("the certificate in use stays", metadata: ["error": "\(error)"])
    }
    warnOfExpiry()
  }

  private func warnOfExpiry() {
    let left = Duration.seconds(certificate.expiry.timeIntervalSince(now()))
    guard left < renewal.warning else { return }
    logger.warning(
      "the certificate expires soon",
      metadata: [
        "expires": "\(certificate.expiry.formatted(.iso8601))",
        "days": .stringConvertible(left.components.seconds / 86_400),
      ])
  }
}
