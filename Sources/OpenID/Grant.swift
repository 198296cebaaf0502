import Foundation

/// What a user has allowed a client: the root of a code and of all tokens that come of it. Without it they are worth nothing.
package struct Grant: Hashable, Sendable {
  package var id: String
  /// The client identifier.
  package var client: String
  /// The id of the resource that registers the client.
  package var resource: String
  /// The id of the user's resource.
  package var user: String
  /// The id of the session that it was given in.
  package var session: String
  package var scopes: Scopes
  /// Who issues, as the client knows us.
  package var issuer: String
  package var redirectURI: String
  /// nil when the client sent none.
  package var challenge: CodeChallenge?
  package var nonce: String?
  /// When and how the user proved who they are.
  package var authenticatedAt: Date
  package var methods: [String]
  /// A mark of the user's password then; another one ends the grant.
  package var credential: String
  /// In whole milliseconds, as all times here.
  package var createdAt: Date
  /// When the last of what came of it expires.
  package var expiresAt: Date

  /// How long a grant can be renewed, in seconds; then the user must sign in again.
  package static let longestLifetime: TimeInterval = 90 * 86_400

  package init(
    id: String, client: String, resource: String, user: String, session: String, scopes: Scopes, issuer: String,
    redirectURI: String, challenge: CodeChallenge?, nonce: String?, authenticatedAt: Date, methods: [String],
    credential: String, createdAt: Date, expiresAt: Date
  ) {
    self.id = id
    self.client = client
    self.resource = resource
    self.user = user
    self.session = session
    self.scopes = scopes
    self.issuer = issuer
    self.redirectURI = redirectURI
    self.challenge = challenge
    self.nonce = nonce
    self.authenticatedAt = authenticatedAt
    self.methods = methods
    self.credential = credential
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// When a grant expires that these tokens came of.
  package static func expiry(_ access: AccessToken, _ refresh: GrantTicket?) -> Date {
    max(access.expiresAt ?? .distantPast, refresh?.expiresAt ?? .distantPast)
  }
}

/// A code or a refresh token of a grant, each good for one use.
package struct GrantTicket: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable { case code, refresh }

  package var digest: TokenDigest
  package var kind: Kind
  /// The id of the grant.
  package var grant: String
  /// In whole milliseconds.
  package var expiresAt: Date
  /// Kept after its use, so that a second one is noticed.
  package var isUsed: Bool

  package init(digest: TokenDigest, kind: Kind, grant: String, expiresAt: Date, isUsed: Bool = false) {
    self.digest = digest
    self.kind = kind
    self.grant = grant
    self.expiresAt = expiresAt
    self.isUsed = isUsed
  }
}

/// Where grants are kept, and what comes of them. Methods throw the store's own errors.
package protocol GrantStore: Sendable {
  /// Keeps a grant and its code.
  func insert(_ grant: Grant, code: GrantTicket) async throws

  /// The ticket and its grant, expired, used or not.
  func ticket(with digest: TokenDigest) async throws -> (ticket: GrantTicket, grant: Grant)?

  /// Uses a ticket and keeps what it is good for: all of that or nothing.
  /// - Returns: false when it was used before. The grant is gone then, with all tokens that came of it.
  func redeem(_ digest: TokenDigest, for access: AccessToken, _ refresh: GrantTicket?) async throws -> Bool

  func grant(_ id: String) async throws -> Grant?

  /// Takes a grant back, with all tokens that came of it.
  /// - Returns: whether it was there.
  func revokeGrant(_ id: String) async throws -> Bool

  /// Forgets what has expired by then.
  func removeGrants(expiredBy time: Date) async throws
}
