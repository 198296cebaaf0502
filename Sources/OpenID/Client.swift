/// How a client gets a token (RFC 6749 section 1.3). Others have names too, which nobody here knows.
package enum GrantType: String, Sendable, CaseIterable {
  case authorizationCode = "authorization_code"
  case refreshToken = "refresh_token"
  case clientCredentials = "client_credentials"
  case password
}

/// An application that is registered here (RFC 6749 section 2).
package struct Client: Hashable, Sendable {
  /// The client identifier.
  package var id: String
  /// The id of the resource that registers it.
  package var resource: String
  package var grantTypes: Set<GrantType>
  /// The most that its tokens may allow.
  package var scopes: Scopes
  /// In seconds.
  package var accessTokenLifetime: Int

  /// What a client has whose registration says nothing of it.
  package static let standardLifetime = 3600

  package init(
    id: String, resource: String, grantTypes: Set<GrantType> = [], scopes: Scopes = .none,
    accessTokenLifetime: Int = Client.standardLifetime
  ) {
    self.id = id
    self.resource = resource
    self.grantTypes = grantTypes
    self.scopes = scopes
    self.accessTokenLifetime = accessTokenLifetime
  }
}
