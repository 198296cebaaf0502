/// A request to the token endpoint (RFC 6749 section 4), without the client's credential.
package struct TokenRequest: Hashable, Sendable {
  /// What the client has to show for a token, each with its own parameters.
  package enum Grant: Hashable, Sendable {
    /// Nothing but its own credential (section 4.4).
    case clientCredentials
    /// The code of an authorization (section 4.1.3), and what proves that it is the client's own (RFC 7636 section 4.5).
    case authorizationCode(TokenDigest, redirectURI: String, verifier: String?)
    /// Section 6.
    case refreshToken(TokenDigest)

    package var type: GrantType {
      switch self {
      case .clientCredentials: .clientCredentials
      case .authorizationCode: .authorizationCode
      case .refreshToken: .refreshToken
      }
    }
  }

  package var grant: Grant
  /// nil leaves the choice to the server.
  package var scopes: Scopes?

  package init(grant: Grant, scopes: Scopes? = nil) {
    self.grant = grant
    self.scopes = scopes
  }

  /// - Parameter parameters: those of the form that are not empty.
  /// - Throws: `OAuthError` invalid_request, unsupported_grant_type or invalid_scope.
  package init(_ parameters: [String: String]) throws(OAuthError) {
    guard let name = parameters["grant_type"] else {
      throw OAuthError(.invalidRequest, "The parameter grant_type is missing.")
    }
    switch GrantType(rawValue: name) {
    case .clientCredentials: grant = .clientCredentials
    case .authorizationCode:
      grant = .authorizationCode(
        TokenSecret(try Self.required("code", in: parameters)).digest,
        redirectURI: try Self.required("redirect_uri", in: parameters), verifier: parameters["code_verifier"])
    case .refreshToken:
      grant = .refreshToken(TokenSecret(try Self.required("refresh_token", in: parameters)).digest)
    case .password, nil:
      throw OAuthError(
        .unsupportedGrantType,
        "The grant type must be authorization_code, refresh_token or client_credentials.")
    }
    scopes = nil
    if let text = parameters["scope"] { scopes = try Scopes(parsing: text) }
  }

  private static func required(_ name: String, in parameters: [String: String]) throws(OAuthError) -> String {
    guard let value = parameters[name] else { throw OAuthError(.invalidRequest, "The parameter \(name) is missing.") }
    return value
  }
}
