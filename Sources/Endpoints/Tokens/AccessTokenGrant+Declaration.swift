import Reconciliation

/// What a driver knows of the access tokens that its endpoint takes, and no manifest has to say.
package struct AccessTokenRules: Sendable {
  /// What tokens are to be good for, where the manifest names no scopes.
  package var scopes: [String]
  /// Whom an assertion is meant for, where the manifest does not say; nil is the token endpoint.
  package var audience: String?
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool

  package init(scopes: [String] = [], audience: String? = nil, allowsPlaintext: Bool = false) {
    self.scopes = scopes
    self.audience = audience
    self.allowsPlaintext = allowsPlaintext
  }
}

extension AccessTokenGrant {
  /// A client as a manifest declares it, its secrets read.
  init(
    _ client: OAuth2Client, _ rules: AccessTokenRules, secret: (SecretReference) throws -> Secret
  ) throws {
    let id = try secret(client.clientID).revealed
    let proof: Proof =
      switch client.grant {
      case .clientCredentials(let reference): .clientCredentials(id: id, secret: try secret(reference))
      case .jwtBearer(let key, let username):
        .assertion(
          SignedAssertion(
            issuer: id, subject: username, audience: client.audience ?? rules.audience ?? client.tokenURL,
            key: try SigningKey(pem: try secret(key))))
      }
    self.init(
      tokenURL: client.tokenURL, proof: proof, scopes: client.scopes.isEmpty ? rules.scopes : client.scopes,
      allowsPlaintext: rules.allowsPlaintext)
  }

  /// A service account as a manifest declares it, its key read: Google wants the scopes in the assertion.
  init(
    _ account: ServiceAccount, _ rules: AccessTokenRules, secret: (SecretReference) throws -> Secret
  ) throws {
    let key = try ServiceAccountKey(try secret(account.key))
    let tokenURL = account.tokenURL ?? key.tokenURL
    self.init(
      tokenURL: tokenURL,
      proof: .assertion(
        SignedAssertion(
          issuer: key.email, subject: account.subject, audience: rules.audience ?? tokenURL, scopes: rules.scopes,
          key: key.key)),
      allowsPlaintext: rules.allowsPlaintext)
  }
}
