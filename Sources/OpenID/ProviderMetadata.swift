import JSON

/// What a provider tells of itself (OpenID Connect Discovery section 3, RFC 8414 section 2).
package struct ProviderMetadata: Sendable {
  package var issuer: String
  /// Scheme and authority of the server.
  package var base: String
  package var scopes: [String]

  package init(issuer: String, base: String, scopes: [String]) {
    self.issuer = issuer
    self.base = base
    self.scopes = scopes
  }

  /// The claims that ``IDToken`` and the userinfo endpoint tell.
  package var claims: [String] = []

  package var json: JSONObject {
    let methods: JSONValue = ["client_secret_basic", "client_secret_post"]
    return [
      "issuer": .string(issuer),
      "authorization_endpoint": .string(base + "/oauth2/authorize"),
      "token_endpoint": .string(base + "/oauth2/token"),
      "userinfo_endpoint": .string(base + "/oauth2/userinfo"),
      "jwks_uri": .string(base + "/oauth2/jwks"),
      "introspection_endpoint": .string(base + "/oauth2/introspect"),
      "revocation_endpoint": .string(base + "/oauth2/revoke"),
      "end_session_endpoint": .string(base + "/oidc/logout"),
      "response_types_supported": ["code"],
      "response_modes_supported": ["query"],
      "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
      "subject_types_supported": ["public"],
      "id_token_signing_alg_values_supported": .array(SignatureAlgorithm.allCases.map { .string($0.rawValue) }),
      "code_challenge_methods_supported": .array(CodeChallenge.methods.map(JSONValue.string)),
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
      "introspection_endpoint_auth_methods_supported": methods,
      "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
      "scopes_supported": .array(scopes.map(JSONValue.string)),
      "claims_supported": .array(claims.map(JSONValue.string)),
      "prompt_values_supported": .array(AuthorizationRequest.Prompt.allCases.map { .string($0.rawValue) }),
      "authorization_response_iss_parameter_supported": true,
      "claims_parameter_supported": false,
      "request_parameter_supported": false,
      "request_uri_parameter_supported": false,
    ]
  }
}
