/// Why a sign-in at another provider came to nothing.
package struct FederationError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The provider says no, by one of the codes of RFC 6749 section 4.1.2.1 or OpenID Connect Core section 3.1.2.6.
    case denied(OAuthError.Code?)
    /// What it says fails a check.
    case untrustworthy
    /// It does not answer, or not what it should.
    case unavailable
    /// What is configured cannot be used.
    case misconfigured
  }

  package var kind: Kind
  /// One sentence for the log, without secrets. It may hold what strangers sent.
  package var text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}
