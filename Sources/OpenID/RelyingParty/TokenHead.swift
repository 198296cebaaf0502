import JSON

/// What another's ID token says of its signature (RFC 7515 section 4), which is not to be believed but to be held against
/// the key.
package struct TokenHead: Hashable, Sendable {
  package let algorithm: SignatureAlgorithm
  /// nil when the provider has one key only.
  package let keyID: String?

  /// - Throws: ``FederationError`` untrustworthy: for what is no signed token; for any algorithm but RS256 and ES256, `none`
  ///   and those of shared secrets among them; for what must be understood and is not (section 4.1.11); for a token of
  ///   another kind (RFC 8725 section 3.11).
  package init(of token: String) throws(FederationError) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decoded(String(parts[0])),
      let head = (try? JSONValue(parsing: bytes))?.object
    else { throw FederationError(.untrustworthy, "the ID token is no signed token") }
    guard let name = head["alg"]?.string, let algorithm = SignatureAlgorithm(rawValue: name) else {
      throw FederationError(
        .untrustworthy, "the ID token is signed by \(head["alg"]?.text ?? "no algorithm"), not RS256 or ES256")
    }
    guard head["crit"] == nil else {
      throw FederationError(.untrustworthy, "the ID token has extensions that must be understood")
    }
    if let type = head["typ"] {
      guard type.string?.lowercased() == "jwt" else {
        throw FederationError(.untrustworthy, "what should be an ID token is of type \(type.text)")
      }
    }
    self.algorithm = algorithm
    keyID = head["kid"]?.string
  }
}
