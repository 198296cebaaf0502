import Foundation
import LocalDirectory
import Logging

/// Records what happens to the access to the server: in the log at once, and in the store for the audit.
package struct AccessTrail: Sendable {
  let log: any AccessLog
  private let logger: Logger
  private let now: @Sendable () -> Date

  package init(_ log: any AccessLog, logger: Logger, now: @escaping @Sendable () -> Date) {
    self.log = log
    self.logger = logger
    self.now = now
  }

  /// - Parameter detail: whose token it is, and what it allows.
  package func record(_ kind: AccessEvent.Kind, by author: Author, _ detail: String = "") async {
    logger.notice(
      "access",
      metadata: [
        "event": "\(kind.rawValue)", "actor": "\(author.name)", "peer": "\(author.address ?? "-")",
        "detail": "\(detail)",
      ])
    do {
      let event = AccessEvent(time: Timestamp.truncated(now()), kind: kind, author: author, detail: detail)
      try await log.append(event)
    } catch {
      // Whoever was refused stays refused, and must not learn that the store is in trouble.
      logger.error("access not recorded", metadata: ["error": "\(error)"])
    }
  }

  /// The name comes from strangers, so it is cut short.
  func record(_ kind: AccessEvent.Kind, of login: Login, from address: NetworkAddress) async {
    let name = String(login.account.prefix(AccessLogLimits.nameLength))
    await record(kind, by: Author(name: name, address: address.text))
  }
}
