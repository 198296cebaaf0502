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
}
