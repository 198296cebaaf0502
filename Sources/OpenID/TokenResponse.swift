import JSON

/// The answer of the token endpoint (RFC 6749 section 5.1).
package struct TokenResponse: Sendable {
  package var accessToken: TokenSecret
  /// In seconds.
  package var expiresIn: Int
  package var scopes: Scopes

  package init(accessToken: TokenSecret, expiresIn: Int, scopes: Scopes) {
    self.accessToken = accessToken
    self.expiresIn = expiresIn
    self.scopes = scopes
  }

  package var json: JSONObject {
    [
      "access_token": .string(accessToken.text), "token_type": "Bearer",
      "expires_in": .number(JSONNumber(expiresIn)), "scope": .string(scopes.description),
    ]
  }
}
