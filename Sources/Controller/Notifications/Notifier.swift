import Endpoints
import Foundation
import Logging
import Reconciliation
import Synchronization

/// Tells people, over the channels of the manifests, what passes find. It is told of every pass and decides for itself
/// whether there is anything to say; what could not be delivered is tried again after the next pass. Nobody waits for it.
/// What was told stands in the state store, where the other controllers see it.
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
  private var declarations: [NotificationDeclaration] = []
  private var records: NotificationRecords
  private var isStateLost = false

  /// - Parameters:
  ///   - records: where all controllers of these endpoints keep what was told.
  ///   - deliver: brings a message to its channel, with patience.
  ///   - newID: a name for a message.
  package init(
    now: @escaping @Sendable () -> Date, newID: @escaping @Sendable () -> String, records: any ConvergenceRecords,
    logger: Logger, deliver: @escaping Deliver
  ) {
    self.now = now
    self.newID = newID
    self.records = NotificationRecords(records)
    self.logger = logger
    self.deliver = deliver
  }

  /// Takes the channels of new manifests.
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
      if let declarations { self.declarations = declarations.sorted { $0.name < $1.name } }
      guard let look else { return }
      await take(look)
    }
  }

  private func take(_ look: PassFindings) async {
    for declaration in declarations {
      let announcement = await step(declaration) { [now] in $0.take(look, at: now()) }
      if let announcement { await tell(announcement, over: declaration) }
    }
  }

  private func tell(_ announcement: Announcement, over declaration: NotificationDeclaration) async {
    let message = NotificationMessage(announcement, over: declaration.name, id: newID(), at: now())
    do throws(EndpointError) {
      try await deliver(declaration, message)
      await settle(declaration) { [now] in $0.told(announcement, at: now()) }
      logger.info("notified", metadata: line(declaration, message))
    } catch {
      await settle(declaration) { $0.failed(announcement) }
      var line = line(declaration, message)
      line["because"] = "\(error.message)"
      logger.error("a notification could not be delivered", metadata: line)
    }
  }

  /// Also when the controller is told to stop meanwhile: what has arrived must not be told again after the next start.
  private func settle(
    _ declaration: NotificationDeclaration, _ step: @escaping @Sendable (inout NotificationPolicy) -> Void
  ) async {
    await Task { await self.step(declaration, step) }.value
  }

  private func step<Answer: Sendable>(
    _ declaration: NotificationDeclaration, _ step: @escaping @Sendable (inout NotificationPolicy) -> Answer
  ) async -> Answer {
    var failure: (any Error)?
    var own = records
    let answer = await own.step(declaration, failed: { failure = $0 }, step)
    records = own
    if let failure, !isStateLost {
      logger.error("what was told cannot be kept in the state", metadata: ["because": "\(failure)"])
    }
    isStateLost = failure != nil
    return answer
  }

  private func line(_ declaration: NotificationDeclaration, _ message: NotificationMessage) -> Logger.Metadata {
    ["notification": "\(declaration.name)", "id": "\(message.id)", "about": "\(message.place)"]
  }
}
