/// How an access token is obtained from an authorization server (RFC 6749).
package struct OAuth2Client: Hashable, Sendable {
  package enum Grant: Hashable, Sendable {
    /// RFC 6749 section 4.4.
    case clientCredentials(secret: SecretReference)
    /// RFC 7523 section 2.1: a signed assertion about this user.
    case jwtBearer(privateKey: SecretReference, username: String)
  }

  package var tokenURL: String
  package var clientID: SecretReference
  package var grant: Grant
  package var scopes: [String]
  /// Whom an assertion is meant for; nil is the driver's own rule.
  package var audience: String?

  package init(
    tokenURL: String, clientID: SecretReference, grant: Grant, scopes: [String] = [], audience: String? = nil
  ) {
    self.tokenURL = tokenURL
    self.clientID = clientID
    self.grant = grant
    self.scopes = scopes
    self.audience = audience
  }
}

/// A Google service account with domain-wide delegation.
package struct ServiceAccount: Hashable, Sendable {
  /// The JSON file that Google gives out.
  package var key: SecretReference
  /// The administrator that the account acts for.
  package var subject: String
  /// nil is what the key says.
  package var tokenURL: String?

  package init(key: SecretReference, subject: String, tokenURL: String? = nil) {
    self.key = key
    self.subject = subject
    self.tokenURL = tokenURL
  }
}
