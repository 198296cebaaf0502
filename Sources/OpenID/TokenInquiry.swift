import Foundation
import JSON

/// A request about a token: what it is worth (RFC 7662 section 2.1), or that it shall be worth nothing (RFC 7009 section 2.1).
package struct TokenInquiry: Sendable {
  package var token: TokenSecret

  /// A `token_type_hint` may be wrong and is then of no use, so it is not looked at.
  /// - Parameter parameters: those of the form that are not empty.
  /// - Throws: `OAuthError` invalid_request when there is no token.
  package init(_ parameters: [String: String]) throws(OAuthError) {
    guard let text = parameters["token"] else { throw OAuthError(.invalidRequest, "The parameter token is missing.") }
    token = TokenSecret(text)
  }
}

/// What a token is worth (RFC 7662 section 2.2).
package struct Introspection: Hashable, Sendable {
  /// nil for a token that is unknown, expired, or none of the asker's business: all of them read the same.
  package var token: AccessToken?
  /// What names the user of the token to the client; nil for a token without one.
  package var subject: String?
  package var userName: String?
  package var issuer: String?

  package init(_ token: AccessToken?, subject: String? = nil, userName: String? = nil, issuer: String? = nil) {
    self.token = token
    self.subject = subject
    self.userName = userName
    self.issuer = issuer
  }

  package var json: JSONObject {
    guard let token else { return ["active": false] }
    var body: JSONObject = [
      "active": true, "token_type": "Bearer", "scope": .string(token.scopes.description),
      "iat": Self.seconds(token.issuedAt), "sub": .string(subject ?? token.holder.name),
    ]
    body["client_id"] = token.holder.client.map(JSONValue.string)
    body["username"] = userName.map(JSONValue.string)
    body["iss"] = issuer.map(JSONValue.string)
    if let expiry = token.expiresAt { body["exp"] = Self.seconds(expiry) }
    return body
  }

  private static func seconds(_ time: Date) -> JSONValue { .number(JSONNumber(Int(time.timeIntervalSince1970))) }
}
