import OpenID

/// A sign-in on its way: what went out with the browser, and must come back with it.
struct SignInAttempt: Hashable, Sendable {
  let clientID: String
  /// Ties the answer to the browser (RFC 6749 section 10.12).
  let state: String
  let proof: CodeProof

  /// - Parameter random: 32 bytes that are fit for cryptography.
  init(clientID: String, random: () -> [UInt8] = TokenSecret.systemRandom) {
    self.clientID = clientID
    state = Base64URL.encoded(random())
    proof = CodeProof(random: random())
  }

  /// Where the browser is sent.
  /// - Parameter scope: apart by spaces.
  func location(at provider: ProviderAddresses, scope: String, redirectURI: String) -> String {
    AuthenticationRequest(
      clientID: clientID, redirectURI: redirectURI, scopes: scope.split(separator: " ").map(String.init), state: state,
      proof: proof
    ).location(at: provider.authorization)
  }
}
