/// A request to the token endpoint (RFC 6749 section 4), without the client's credential.
package struct TokenRequest: Hashable, Sendable {
  /// What the client has to show for a token, each with its own parameters.
  package enum Grant: Hashable, Sendable {
    /// Nothing but its own credential (section 4.4).
    case clientCredentials

    package var type: GrantType {
      switch self {
      case .clientCredentials: .clientCredentials
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
    case .authorizationCode, .refreshToken, .password, nil:
      throw OAuthError(.unsupportedGrantType, "The grant type must be client_credentials.")
    }
    scopes = nil
    if let text = parameters["scope"] { scopes = try Scopes(parsing: text) }
  }
}
