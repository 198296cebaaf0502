import Foundation

/// A bearer token as the server remembers it: what it allows, but not the token.
package struct AccessToken: Hashable, Sendable {
  /// Who may use the token.
  package enum Holder: Hashable, Sendable {
    /// A machine that somebody made a token for, by the name that it was given then.
    case service(name: String)
    /// An application on its own behalf, with the id of the resource that registers it.
    case client(id: String, resource: String)

    /// The name of the machine, or the client identifier.
    package var name: String {
      switch self {
      case .service(let name): name
      case .client(let id, _): id
      }
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
