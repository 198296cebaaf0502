import Foundation
import JWTKit
import Reconciliation

/// A JSON Web Token that vouches for a user towards an authorization server (RFC 7523 section 3), signed with RS256.
package struct SignedAssertion: Hashable, Sendable {
  package var issuer: String
  package var subject: String
  /// The authorization server.
  package var audience: String
  /// Scopes as a claim, as Google wants them; empty for none.
  package var scopes: [String]
  package var key: SigningKey

  package init(issuer: String, subject: String, audience: String, scopes: [String] = [], key: SigningKey) {
    self.issuer = issuer
    self.subject = subject
    self.audience = audience
    self.scopes = scopes
    self.key = key
  }

  /// The token, good for two and a half minutes: Salesforce takes none that expires later than in three.
  /// - Throws: `misconfigured` when the key does not sign.
  func token(at now: Date) async throws(EndpointError) -> String {
    let second = now.timeIntervalSince1970.rounded(.down)
    let claims = Claims(
      iss: IssuerClaim(value: issuer), sub: SubjectClaim(value: subject), aud: AudienceClaim(value: audience),
      scope: scopes.isEmpty ? nil : scopes.joined(separator: " "),
      // A server whose clock is behind ours would take the token for one from the future.
      iat: IssuedAtClaim(value: Date(timeIntervalSince1970: second - 30)),
      exp: ExpirationClaim(value: Date(timeIntervalSince1970: second + 150)))
    return try await key.sign(claims)
  }

  private struct Claims: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    let scope: String?
    let iat: IssuedAtClaim
    let exp: ExpirationClaim

    func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
  }
}
