import Foundation
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// Who has signed in with which browser.
package struct Sessions: Sendable {
  private let store: any SessionStore
  private let directory: Directory
  private let trail: AccessTrail
  private let policy: SessionPolicy
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> [UInt8]

  /// - Parameter random: 32 bytes at each call that are fit for cryptography.
  package init(
    _ store: any SessionStore, directory: Directory, policy: SessionPolicy = SessionPolicy(), trail: AccessTrail,
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> [UInt8] = TokenSecret.systemRandom
  ) {
    self.store = store
    self.directory = directory
    self.policy = policy
    self.trail = trail
    self.now = now
    self.random = random
  }

  /// The session of the browser that sends the request, and its user as it is now; nil when nobody has signed in, the
  /// session is over, or the user is gone, not active, or has another password.
  func current(of request: Request, _ cookies: Cookies) async throws -> SignedIn? {
    guard let secret = cookies.value(.session, in: request),
      var session = try await store.session(with: TokenSecret(secret).digest), !policy.isOver(session, at: now()),
      let (user, credential) = try await directory.activeUser(session.user), credential == session.credential
    else { return nil }
    let time = Timestamp.truncated(now())
    if time.timeIntervalSince(session.seenAt) >= policy.precision {
      try await store.touchSession(session.digest, at: time)
      session.seenAt = time
    }
    return SignedIn(session: session, user: user)
  }

  /// A new session, in place of the one that the browser had: its secret is another, whoever knew the old one. For
  /// clients it is the same as long as the user is.
  /// - Parameter proof: what the user has just shown.
  /// - Returns: nil when the user is gone or not active.
  func begin(
    _ userID: String, _ proof: Proof, after old: SignedIn?, since start: Date, from address: String
  ) async throws -> (secret: TokenSecret, signedIn: SignedIn)? {
    guard let (user, credential) = try await directory.activeUser(userID) else { return nil }
    let time = Timestamp.truncated(now())
    try await store.removeSessions(expiredBy: time, unseenSince: time.addingTimeInterval(-policy.idle))
    let same = old.flatMap { $0.user.id == userID ? $0.session : nil }
    // What was shown for the same sign-in a moment ago, in an earlier step, still counts.
    let earlier = same.flatMap { $0.signedInAt >= start ? $0 : nil }
    let secret = TokenSecret(.session, random: random())
    let session = UserSession(
      id: same?.id ?? Base64URL.encoded(random().prefix(16)), digest: secret.digest, user: userID,
      authenticatedAt: proof.time(at: time, besides: earlier), signedInAt: time,
      methods: ((earlier?.methods ?? []) + proof.methods).uniqued(),
      authenticators: (earlier?.authenticators ?? []).union([proof.authenticator]), credential: credential,
      seenAt: time, expiresAt: time.addingTimeInterval(policy.absolute))
    try await store.insert(session)
    let signedIn = SignedIn(session: session, user: user)
    if let same {
      try await store.forgetSession(same.digest)
    } else if let old {
      try await end(old, everywhere: false, from: address)
    }
    await trail.record(
      .signedIn, by: Author(name: signedIn.signature, address: address), "with \(proof.authenticator)")
    return (secret, signedIn)
  }

  /// Ends the session with all that was granted in it.
  /// - Parameter everywhere: also all other sessions of the user, and all that the user has granted.
  func end(_ signedIn: SignedIn, everywhere: Bool, from address: String) async throws {
    if everywhere {
      try await store.endSessions(ofUser: signedIn.user.id)
    } else {
      try await store.endSession(signedIn.session.id)
    }
    await trail.record(
      .signedOut, by: Author(name: signedIn.signature, address: address), everywhere ? "everywhere" : "")
  }
}

/// A user with the session that a browser shows.
struct SignedIn: Sendable {
  let session: UserSession
  let user: Resource

  var userName: String { user.userName ?? user.id }
  /// As it stands in the log.
  var signature: String { Principal.signature(.user(id: user.id), userName) }
}

/// What a user has shown to prove who they are.
struct Proof: Hashable, Sendable {
  /// In the words of RFC 8176.
  var methods: [String]
  /// `local:basic`, `federated:is2`.
  var authenticator: String
  /// When, where that was before the browser came with it.
  var givenAt: Date?

  static let password = Proof(methods: ["pwd"], authenticator: "local:basic")

  static func federated(_ identityProvider: String, methods: [String] = [], at time: Date? = nil) -> Proof {
    Proof(
      methods: methods.isEmpty ? ["fed"] : methods, authenticator: "federated:\(identityProvider)", givenAt: time)
  }

  /// When the user last proved who they are, by this and by what was shown for the same sign-in before.
  fileprivate func time(at now: Date, besides earlier: UserSession?) -> Date {
    max(min(givenAt ?? now, now), earlier?.authenticatedAt ?? .distantPast)
  }
}

extension [String] {
  fileprivate func uniqued() -> [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
