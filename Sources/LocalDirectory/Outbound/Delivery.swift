import Foundation

/// A resource that a connector has yet to bring to its endpoint although it tried. What was never tried is not written
/// down: it follows from the events behind the connector's cursor.
package struct Delivery: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// Tried again when it is due.
    case waiting
    /// A dead letter: left alone until somebody, a new change of the resource or a full pass asks for it again.
    case dead
  }

  package var connector: String
  /// The resource type: `User`.
  package var type: String
  package var id: String
  package var state: State
  /// How often it failed.
  package var attempts: Int
  /// When it first failed; in whole milliseconds, as ``dueAt``.
  package var since: Date
  package var dueAt: Date
  /// One sentence without secrets.
  package var reason: String

  package init(
    connector: String, type: String, id: String, state: State, attempts: Int, since: Date, dueAt: Date, reason: String
  ) {
    self.connector = connector
    self.type = type
    self.id = id
    self.state = state
    self.attempts = attempts
    self.since = since
    self.dueAt = dueAt
    self.reason = reason
  }
}
