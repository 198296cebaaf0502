import Foundation
import JSON
import OpenID

/// What the token endpoint has given (RFC 6749 section 5.1).
struct Tokens: Sendable {
  let access: TokenSecret
  /// In seconds; nil when the provider does not tell.
  let lifetime: Int?
  let receivedAt: Date
  /// Apart by spaces.
  let scope: String
  let refresh: TokenSecret?
  let identity: TokenSecret?

  /// - Parameter scope: what was asked for, which a provider need not repeat.
  /// - Throws: `FederationError` untrustworthy for what holds no bearer token.
  init(_ json: JSONObject, askedFor scope: String, at now: Date) throws(FederationError) {
    guard let access = json["access_token"]?.string, !access.isEmpty else {
      throw FederationError(.untrustworthy, "the answer of the token endpoint holds no access token")
    }
    guard json["token_type"]?.string?.lowercased() == "bearer" else {
      throw FederationError(.untrustworthy, "the access token is no bearer token")
    }
    self.access = TokenSecret(access)
    lifetime = json["expires_in"]?.int
    receivedAt = now
    self.scope = json["scope"]?.string ?? scope
    refresh = json["refresh_token"]?.string.map(TokenSecret.init)
    identity = json["id_token"]?.string.map(TokenSecret.init)
  }

  var expiresAt: Date? { lifetime.map { receivedAt.addingTimeInterval(TimeInterval($0)) } }
}
