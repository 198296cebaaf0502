import JSON

/// The answer of the token endpoint (RFC 6749 section 5.1).
package struct TokenResponse: Sendable {
  package var accessToken: TokenSecret
  /// In seconds.
  package var expiresIn: Int
  package var scopes: Scopes
  /// nil when the client may not renew the token.
  package var refreshToken: TokenSecret?
  /// A signed statement about the sign-in (OpenID Connect Core section 3.1.3.3).
  package var idToken: String?

  package init(
    accessToken: TokenSecret, expiresIn: Int, scopes: Scopes, refreshToken: TokenSecret? = nil, idToken: String? = nil
  ) {
    self.accessToken = accessToken
    self.expiresIn = expiresIn
    self.scopes = scopes
    self.refreshToken = refreshToken
    self.idToken = idToken
  }

  package var json: JSONObject {
    var body: JSONObject = [
      "access_token": .string(accessToken.text), "token_type": "Bearer",
      "expires_in": .number(JSONNumber(expiresIn)), "scope": .string(scopes.description),
    ]
    body["refresh_token"] = refreshToken.map { .string($0.text) }
    body["id_token"] = idToken.map(JSONValue.string)
    return body
  }
}
