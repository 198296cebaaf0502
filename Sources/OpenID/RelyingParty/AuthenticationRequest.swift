import Crypto

/// What we ask another provider for (OpenID Connect Core section 3.1.2.1): that it signs a user in, by a code.
package struct AuthenticationRequest: Sendable {
  package var clientID: String
  package var redirectURI: String
  /// `openid` is asked for in any case.
  package var scopes: [String]
  package var state: String
  package var proof: CodeProof
  /// `login` where the user must prove anew who they are.
  package var prompt: String?
  /// In seconds.
  package var maxAge: Int?
  package var loginHint: String?

  package init(clientID: String, redirectURI: String, scopes: [String], state: String, proof: CodeProof) {
    self.clientID = clientID
    self.redirectURI = redirectURI
    self.scopes = scopes
    self.state = state
    self.proof = proof
  }

  /// Where the browser is sent.
  package func location(at endpoint: String) -> String {
    let scope = (["openid"] + scopes.filter { $0 != "openid" }).joined(separator: " ")
    var parameters = [
      ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirectURI), ("scope", scope),
      ("state", state), ("nonce", proof.nonce), ("code_challenge", proof.challenge.text),
      ("code_challenge_method", "S256"),
    ]
    if let prompt { parameters.append(("prompt", prompt)) }
    if let maxAge { parameters.append(("max_age", "\(maxAge)")) }
    if let loginHint { parameters.append(("login_hint", loginHint)) }
    return RedirectURI(endpoint).adding(parameters.map { (name: $0.0, value: $0.1) })
  }
}

/// A secret of one request that proves twice that an answer is an answer to it: to the provider by the verifier (RFC 7636),
/// and to us by the nonce (OpenID Connect Core section 15.5.2). Whoever learns one of the two that are sent knows neither the
/// other nor the secret.
package struct CodeProof: Hashable, Sendable {
  package let verifier: String

  package init(verifier: String) { self.verifier = verifier }

  /// - Parameter random: 32 bytes that are fit for cryptography.
  package init(random: [UInt8]) { verifier = Base64URL.encoded(random) }

  package var challenge: CodeChallenge { CodeChallenge(of: verifier) }

  package var nonce: String { Base64URL.encoded(SHA256.hash(data: Array("nonce\n\(verifier)".utf8))) }
}
