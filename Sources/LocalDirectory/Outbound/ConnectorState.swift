import Foundation

/// How far a connector has come; kept, so that a restart goes on where the last process ended.
package struct ConnectorState: Hashable, Sendable {
  /// Something that concerns the endpoint as a whole: it cannot be reached, or refuses our credential.
  package struct Failure: Hashable, Sendable {
    /// How many there were in a row.
    package var count: Int
    /// When it is tried again; in whole milliseconds.
    package var retryAt: Date
    /// One sentence without secrets.
    package var reason: String

    package init(count: Int, retryAt: Date, reason: String) {
      self.count = count
      self.retryAt = retryAt
      self.reason = reason
    }
  }

  /// The identity provider and the connector: `is2/scim`.
  package var name: String
  /// The sequence number of the last event that is dealt with; nil before the first full pass, which takes in whatever
  /// the directory holds.
  package var cursor: Int?
  /// When the last full pass ended; in whole milliseconds.
  package var passedAt: Date?
  package var failure: Failure?

  package init(name: String, cursor: Int? = nil, passedAt: Date? = nil, failure: Failure? = nil) {
    self.name = name
    self.cursor = cursor
    self.passedAt = passedAt
    self.failure = failure
  }
}
