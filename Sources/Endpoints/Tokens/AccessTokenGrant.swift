import Reconciliation

/// By what right a token endpoint is asked for access tokens, secrets resolved.
package struct AccessTokenGrant: Hashable, Sendable {
  package enum Proof: Hashable, Sendable {
    /// The client proves who it is itself (RFC 6749 section 4.4).
    case clientCredentials(id: String, secret: Secret)
    /// Somebody the authorization server trusts vouches for a user (RFC 7523 section 2.1).
    case assertion(SignedAssertion)
  }

  package var tokenURL: String
  package var proof: Proof
  /// What the tokens are to be good for, sent beside the proof (RFC 6749 section 3.3); empty is the server's own choice.
  package var scopes: [String]
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool

  package init(tokenURL: String, proof: Proof, scopes: [String] = [], allowsPlaintext: Bool = false) {
    self.tokenURL = tokenURL
    self.proof = proof
    self.scopes = scopes
    self.allowsPlaintext = allowsPlaintext
  }

  /// - Throws: `misconfigured` when the address of the token endpoint cannot be used.
  func check() throws(EndpointError) {
    _ = try SCIM2Address(tokenURL, allowsPlaintext: allowsPlaintext, field: "tokenURL")
  }

  /// How the client shows who it is (RFC 6749 section 2.3.1: both parts form-encoded); nil when the assertion does.
  var client: EndpointCredential? {
    switch proof {
    case .clientCredentials(let id, let secret):
      .basic(username: SCIM2Address.encode(id), password: Secret(SCIM2Address.encode(secret.revealed)))
    case .assertion: nil
    }
  }

  /// The user that the tokens are about; nil when they are about the client.
  var subject: String? {
    switch proof {
    case .clientCredentials: nil
    case .assertion(let assertion): assertion.subject
    }
  }

  /// Everything that must not appear in a message.
  var secrets: [String] {
    switch proof {
    case .clientCredentials(_, let secret): [secret.revealed] + (client?.secrets ?? [])
    case .assertion(let assertion): [assertion.key.pem.revealed]
    }
  }
}
