import JSON

/// What another provider answers by way of the browser (OpenID Connect Core sections 3.1.2.5 and 3.1.2.6).
package struct AuthenticationAnswer: Sendable {
  private let parameters: [String: String]

  /// - Parameter parameters: those of the query that are not empty.
  package init(_ parameters: [String: String]) { self.parameters = parameters }

  /// The code to redeem. Who answers is looked at first (RFC 9207 section 2.4): a code or an error of another provider is
  /// none of this one's.
  /// - Throws: ``FederationError``: untrustworthy for another's answer, denied for a refusal.
  package func code(from addresses: ProviderAddresses) throws(FederationError) -> String {
    if let issuer = parameters["iss"] {
      guard issuer.isExactly(addresses.issuer) else {
        throw FederationError(.untrustworthy, "the answer comes from \(issuer), not from \(addresses.issuer)")
      }
    } else if addresses.namesItself {
      throw FederationError(.untrustworthy, "the answer does not tell that it comes from \(addresses.issuer)")
    }
    if let error = parameters["error"] {
      let description = parameters["error_description"].map { ": \($0)" } ?? ""
      throw FederationError(.denied(OAuthError.Code(rawValue: error)), "it answered \(error)\(description)")
    }
    guard let code = parameters["code"] else {
      throw FederationError(.untrustworthy, "the answer holds neither a code nor an error")
    }
    return code
  }
}
