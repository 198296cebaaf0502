import JSON

/// Somebody as another provider knows them. The two parts together name one person for ever, whatever else may change
/// (OpenID Connect Core section 5.7).
package struct FederatedIdentity: Hashable, Sendable {
  package var issuer: String
  /// The provider's `sub`.
  package var subject: String

  package init(issuer: String, subject: String) {
    self.issuer = issuer
    self.subject = subject
  }

  /// Byte by byte, as databases compare them.
  package static func == (one: FederatedIdentity, other: FederatedIdentity) -> Bool {
    one.issuer.isExactly(other.issuer) && one.subject.isExactly(other.subject)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(issuer))
    hasher.combine(ExactText(subject))
  }
}
