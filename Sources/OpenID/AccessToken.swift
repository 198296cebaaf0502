import Foundation

/// A bearer token as the server remembers it: what it allows, but not the token.
package struct AccessToken: Hashable, Sendable {
  /// Who may use the token.
  package enum Holder: Hashable, Sendable {
    /// A machine that somebody made a token for, by the name that it was given then.
    case service(name: String)
    /// An application on its own behalf, with the id of the resource that registers it.
    case client(id: String, resource: String)
    /// An application for a user, by the grant that the user has given.
    case user(id: String, client: String, resource: String, grant: String)

    /// The name of the machine, or the client identifier.
    package var name: String {
      switch self {
      case .service(let name): name
      case .client(let id, _): id
      case .user(_, let client, _, _): client
      }
    }

    /// The client that the token was issued to; nil for a machine's.
    package var client: String? {
      switch self {
      case .service: nil
      case .client(let id, _): id
      case .user(_, let client, _, _): client
      }
    }

    /// The grant that the token comes of.
    package var grant: String? {
      if case .user(_, _, _, let grant) = self { grant } else { nil }
    }
  }

  package var digest: TokenDigest
  package var holder: Holder
  package var scopes: Scopes
  /// In whole milliseconds, as the expiry.
  package var issuedAt: Date
  /// nil for a token that is good until it is revoked.
  package var expiresAt: Date?

  package init(digest: TokenDigest, holder: Holder, scopes: Scopes, issuedAt: Date, expiresAt: Date? = nil) {
    self.digest = digest
    self.holder = holder
    self.scopes = scopes
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }

  package func isExpired(at now: Date) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
