import Foundation

/// That somebody has signed in with a browser. What the browser shows for it is a secret, of which only the digest is kept.
package struct UserSession: Hashable, Sendable {
  /// Names the session to clients (`sid`); opens nothing.
  package var id: String
  package var digest: TokenDigest
  /// The id of the user's resource.
  package var user: String
  /// When the user last proved who they are. In whole milliseconds, as all times here.
  package var authenticatedAt: Date
  /// When the browser last came with a proof. That is later than the proof where an identity provider vouches for somebody
  /// who had signed in there before.
  package var signedInAt: Date
  /// How, by the words of RFC 8176: `pwd`.
  package var methods: [String]
  /// By which authenticators: `local:basic`, `federated:is2`.
  package var authenticators: Set<String>
  /// A mark of the user's password then; another one ends the session.
  package var credential: String
  /// When the browser last came with it.
  package var seenAt: Date
  /// When it ends, whatever happens.
  package var expiresAt: Date

  /// - Parameter signedInAt: nil for when the user proved who they are.
  package init(
    id: String, digest: TokenDigest, user: String, authenticatedAt: Date, signedInAt: Date? = nil, methods: [String],
    authenticators: Set<String>, credential: String, seenAt: Date, expiresAt: Date
  ) {
    self.id = id
    self.digest = digest
    self.user = user
    self.authenticatedAt = authenticatedAt
    self.signedInAt = signedInAt ?? authenticatedAt
    self.methods = methods
    self.authenticators = authenticators
    self.credential = credential
    self.seenAt = seenAt
    self.expiresAt = expiresAt
  }

  /// Whether the user has passed all steps that a client asks for.
  package func satisfies(_ steps: [Client.Step]) -> Bool {
    steps.allSatisfy { step in
      step.local.contains { authenticators.contains("local:\($0)") }
        || step.federated.contains { authenticators.contains("federated:\($0)") }
    }
  }
}

/// How long sessions last, in seconds.
package struct SessionPolicy: Hashable, Sendable {
  /// Without the browser coming.
  package var idle: TimeInterval
  package var absolute: TimeInterval
  /// How exactly it is kept when the browser came; spares writes.
  package var precision: TimeInterval = 60

  package init(idle: TimeInterval = 3600, absolute: TimeInterval = 12 * 3600) {
    self.idle = idle
    self.absolute = absolute
  }

  package func isOver(_ session: UserSession, at now: Date) -> Bool {
    session.expiresAt <= now || session.seenAt.addingTimeInterval(idle) <= now
  }
}

/// Where sessions are kept. Methods throw the store's own errors.
package protocol SessionStore: Sendable {
  func insert(_ session: UserSession) async throws

  /// The session, over or not.
  func session(with digest: TokenDigest) async throws -> UserSession?

  func touchSession(_ digest: TokenDigest, at time: Date) async throws

  /// Forgets the session; what was granted in it stays.
  func forgetSession(_ digest: TokenDigest) async throws

  /// Ends the session and the grants that were made in it.
  func endSession(_ id: String) async throws

  /// The same for all sessions of a user, and every grant the user has given.
  func endSessions(ofUser user: String) async throws

  /// Forgets sessions that ended by then or were not seen since the other time. Their grants stay.
  func removeSessions(expiredBy time: Date, unseenSince idle: Date) async throws
}
