/// How a client gets a token (RFC 6749 section 1.3). Others have names too, which nobody here knows.
package enum GrantType: String, Sendable, CaseIterable {
  case authorizationCode = "authorization_code"
  case refreshToken = "refresh_token"
  case clientCredentials = "client_credentials"
  case password
}

/// An application that is registered here (RFC 6749 section 2).
package struct Client: Hashable, Sendable {
  /// What its users are asked to prove who they are: one way of each step.
  package struct Step: Hashable, Sendable {
    /// Authenticators of our own: `basic`.
    package var local: [String]
    /// Names of identity providers.
    package var federated: [String]

    package init(local: [String] = [], federated: [String] = []) {
      self.local = local
      self.federated = federated
    }

    /// A name and a password of this directory.
    package static let password = Step(local: ["basic"])
  }

  /// What names the user to the client.
  package enum Subject: String, Sendable, CaseIterable {
    /// The id of the user's resource, which nobody else will ever have.
    case id
    /// What WSO2 Identity Server tells. A name that becomes free may be another's one day.
    case userName
  }

  /// The client identifier.
  package var id: String
  /// The id of the resource that registers it.
  package var resource: String
  /// As its users know it.
  package var name: String
  package var grantTypes: Set<GrantType>
  /// The most that its tokens may allow.
  package var scopes: Scopes
  /// In seconds.
  package var accessTokenLifetime: Int
  /// In seconds, from when the token is handed out: it is renewed with each use.
  package var refreshTokenLifetime: Int
  /// Whether it has no secret (RFC 6749 section 2.1).
  package var isPublic: Bool
  package var redirectURIs: [RedirectURI]
  /// Whether redirect URIs of the loopback take any port, for native applications (RFC 8252 section 7.3).
  package var takesAnyLoopbackPort: Bool
  package var postLogoutRedirectURIs: [String]
  /// Whether it must send a code challenge; public clients always must.
  package var requiresPKCE: Bool
  /// Whether its users are not asked for consent.
  package var skipsConsent: Bool
  package var subject: Subject
  /// What its ID tokens are signed with.
  package var signatureAlgorithm: SignatureAlgorithm
  package var steps: [Step]

  /// What a client has whose registration says nothing of it.
  package static let standardLifetime = 3600
  package static let standardRefreshLifetime = 86_400

  package init(
    id: String, resource: String, name: String? = nil, grantTypes: Set<GrantType> = [], scopes: Scopes = .none,
    accessTokenLifetime: Int = Client.standardLifetime, refreshTokenLifetime: Int = Client.standardRefreshLifetime,
    isPublic: Bool = false, redirectURIs: [RedirectURI] = [], takesAnyLoopbackPort: Bool = false,
    postLogoutRedirectURIs: [String] = [], requiresPKCE: Bool = false, skipsConsent: Bool = false,
    subject: Subject = .id, signatureAlgorithm: SignatureAlgorithm = .rs256, steps: [Step] = [.password]
  ) {
    self.id = id
    self.resource = resource
    self.name = name ?? id
    self.grantTypes = grantTypes
    self.scopes = scopes
    self.accessTokenLifetime = accessTokenLifetime
    self.refreshTokenLifetime = refreshTokenLifetime
    self.isPublic = isPublic
    self.redirectURIs = redirectURIs
    self.takesAnyLoopbackPort = takesAnyLoopbackPort
    self.postLogoutRedirectURIs = postLogoutRedirectURIs
    self.requiresPKCE = requiresPKCE
    self.skipsConsent = skipsConsent
    self.subject = subject
    self.signatureAlgorithm = signatureAlgorithm
    self.steps = steps
  }

  /// Whether it must prove that a code is its own (RFC 7636; RFC 9700 section 2.1.1).
  package var mustProveCode: Bool { isPublic || requiresPKCE }

  /// Where a request that names this address may be answered; nil when that is not registered.
  package func redirectURI(_ text: String) -> RedirectURI? {
    redirectURIs.contains { $0.matches(text, anyPort: takesAnyLoopbackPort) } ? RedirectURI(text) : nil
  }

  /// Those of the wanted scopes that are about the user and that the client may ask for: all of them when its registration
  /// names none.
  package func identityScopes(among wanted: Scopes) -> Scopes {
    let registered = OpenIDScope.allCases.filter { $0 != .openid && scopes.contains($0) }
    return wanted.filter { name in
      guard let scope = OpenIDScope(rawValue: name) else { return false }
      return registered.isEmpty || scope == .openid || registered.contains(scope)
    }
  }
}
