import Foundation
import Synchronization

/// Something about the access to the server that changed no resource: for the audit trail, beside ``DirectoryEvent``.
package struct AccessEvent: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A name and a password, or a client and its secret, that do not belong together.
    case loginRefused
    /// An attempt that was not looked at because too many had failed; the first of each wait.
    case loginThrottled
    /// A token for a machine, made on the command line.
    case tokenCreated
    /// A token that the token endpoint handed out.
    case tokenIssued
    case tokenRevoked
    /// A code or a refresh token that came a second time; the grant is gone.
    case tokenReused
    case signedIn
    case signedOut
    /// A user allowed a client something.
    case consentGiven
    /// What came from an identity provider failed a check, or led to no account here.
    case federationRefused
    /// An account that was here already was given to somebody whom an identity provider knows.
    case accountAssociated
    /// What an application asked for was carried out at its connectors, or was not; nothing of it is kept here.
    case proxied
    /// A key that signs tokens was made, and an earlier one retired.
    case keyMade
  }

  /// Given by the store, ascending; 0 before that.
  package var sequence: Int
  package var time: Date
  package var kind: Kind
  /// Who did it; of a login that was refused, who it was said to be.
  package var author: Author
  /// Whose token it is, and what it allows; how somebody signed in; empty for a login that was refused.
  package var detail: String

  package init(sequence: Int = 0, time: Date, kind: Kind, author: Author, detail: String = "") {
    self.sequence = sequence
    self.time = time
    self.kind = kind
    self.author = author
    self.detail = detail
  }
}

/// Where access events are kept. Methods throw the store's own errors.
package protocol AccessLog: Sendable {
  /// Appends an event; the oldest go when there are more than ``AccessLogLimits/capacity``, because strangers make them.
  func append(_ event: AccessEvent) async throws

  /// The events after a sequence number, oldest first.
  func accessEvents(after sequence: Int, limit: Int) async throws -> [AccessEvent]

  /// The sequence number of the last event; 0 when there is none.
  func lastAccessEvent() async throws -> Int
}

/// The bounds of every ``AccessLog``.
package enum AccessLogLimits {
  /// The most events that are kept.
  package static let capacity = 100_000
  /// The longest name that is kept of a login that was refused, in characters.
  package static let nameLength = 128
}

/// Access events that live as long as the process: for tests and trials.
package final class InMemoryAccessLog: AccessLog {
  private let events = Mutex<[AccessEvent]>([])

  package init() {}

  package func append(_ event: AccessEvent) async throws {
    events.withLock { events in
      var event = event
      event.sequence = (events.last?.sequence ?? 0) + 1
      events.append(event)
      if events.count > AccessLogLimits.capacity { events.removeFirst() }
    }
  }

  package func accessEvents(after sequence: Int, limit: Int) async throws -> [AccessEvent] {
    events.withLock { events in Array(events.lazy.filter { $0.sequence > sequence }.prefix(limit)) }
  }

  package func lastAccessEvent() async throws -> Int { events.withLock { $0.last?.sequence ?? 0 } }
}
