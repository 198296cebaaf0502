import Endpoints
import Foundation
import Logging
import Reconciliation
import Synchronization

/// Tells people, over the channels of the manifests, what passes find. It is told of every pass and decides for itself
/// whether there is anything to say; what could not be delivered is tried again after the next pass. Nobody waits for it.
package actor Notifier {
  package typealias Deliver =
    @Sendable (NotificationDeclaration, NotificationMessage) async throws(EndpointError) -> Void

  private struct Inbox {
    var declarations: [NotificationDeclaration]?
    /// Of each place only the newest look counts.
    var looks: [PassFindings.Place: PassFindings] = [:]
  }

  private let inbox = Mutex(Inbox())
  private let bell = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  private let deliver: Deliver
  private let now: @Sendable () -> Date
  private let newID: @Sendable () -> String
  private let logger: Logger
  private var policies: [String: NotificationPolicy] = [:]

  /// - Parameters:
  ///   - deliver: brings a message to its channel, with patience.
  ///   - newID: a name for a message.
  package init(
    now: @escaping @Sendable () -> Date, newID: @escaping @Sendable () -> String, logger: Logger,
    deliver: @escaping Deliver
  ) {
    self.now = now
    self.newID = newID
    self.logger = logger
    self.deliver = deliver
  }

  /// Takes the channels of new manifests; what was told over those that stay is remembered.
  package nonisolated func use(_ declarations: [NotificationDeclaration]) {
    inbox.withLock { $0.declarations = declarations }
    bell.continuation.yield()
  }

  /// Takes what a look found, to be told by ``run()``.
  package nonisolated func post(_ look: PassFindings) {
    inbox.withLock { $0.looks[look.place] = look }
    bell.continuation.yield()
  }

  /// Delivers what there is to tell until its task is cancelled.
  package func run() async {
    for await _ in bell.stream { await empty() }
  }

  /// Delivers what there is to tell.
  func empty() async {
    while true {
      let (declarations, look) = inbox.withLock { inbox in
        defer { inbox.declarations = nil }
        let place = inbox.looks.keys.min { "\($0)" < "\($1)" }
        return (inbox.declarations, place.flatMap { inbox.looks.removeValue(forKey: $0) })
      }
      if let declarations { take(declarations) }
      guard let look else { return }
      await take(look)
    }
  }

  private func take(_ declarations: [NotificationDeclaration]) {
    var kept: [String: NotificationPolicy] = [:]
    for declaration in declarations {
      var policy = policies[declaration.name] ?? NotificationPolicy(declaration)
      policy.declaration = declaration
      kept[declaration.name] = policy
    }
    policies = kept
  }

  private func take(_ look: PassFindings) async {
    for name in policies.keys.sorted() {
      guard var policy = policies[name] else { continue }
      let announcement = policy.take(look, at: now())
      policies[name] = policy
      if let announcement { await tell(announcement, over: policy.declaration) }
    }
  }

  private func tell(_ announcement: Announcement, over declaration: NotificationDeclaration) async {
    let message = NotificationMessage(announcement, over: declaration.name, id: newID(), at: now())
    do throws(EndpointError) {
      try await deliver(declaration, message)
      policies[declaration.name]?.told(announcement, at: now())
      logger.info("notified", metadata: line(declaration, message))
    } catch {
      var line = line(declaration, message)
      line["because"] = "\(error.message)"
      logger.error("a notification could not be delivered", metadata: line)
    }
  }

  private func line(_ declaration: NotificationDeclaration, _ message: NotificationMessage) -> Logger.Metadata {
    ["notification": "\(declaration.name)", "id": "\(message.id)", "about": "\(message.place)"]
  }
}
