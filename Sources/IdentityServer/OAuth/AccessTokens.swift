import Foundation
import LocalDirectory
import OpenID

/// The tokens of the server: made, recognised and revoked here, and kept as digests.
package struct AccessTokens: Sendable {
  private let store: any TokenStore
  private let trail: AccessTrail
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> [UInt8]

  /// - Parameter random: 32 bytes at each call that are fit for cryptography.
  package init(
    _ store: any TokenStore, trail: AccessTrail, now: @escaping @Sendable () -> Date,
    random: @escaping @Sendable () -> [UInt8] = TokenSecret.systemRandom
  ) {
    self.store = store
    self.trail = trail
    self.now = now
    self.random = random
  }

  /// A token for a machine.
  /// - Parameter lifetime: in seconds; nil for a token that is good until it is revoked.
  /// - Returns: nil when there is a token of this name.
  package func create(
    _ name: String, scopes: Scopes, lifetime: Int?, by author: Author
  ) async throws -> TokenSecret? {
    try await store.removeTokens(expiredBy: now())
    let secret = TokenSecret(.service, random: random())
    let token = token(secret, .service(name: name), scopes, lifetime)
    guard try await store.insert(token) else { return nil }
    await trail.record(.tokenCreated, by: author, "\(name): \(scopes)")
    return secret
  }

  /// A token for an application on its own behalf.
  func issue(to client: Client, scopes: Scopes, by author: Author) async throws -> TokenResponse {
    try await store.removeTokens(expiredBy: now())
    let secret = TokenSecret(.access, random: random())
    let holder = AccessToken.Holder.client(id: client.id, resource: client.resource)
    _ = try await store.insert(token(secret, holder, scopes, client.accessTokenLifetime))
    await trail.record(.tokenIssued, by: author, "\(scopes)")
    return TokenResponse(accessToken: secret, expiresIn: client.accessTokenLifetime, scopes: scopes)
  }

  /// Forgets the tokens that have expired.
  func forgetExpired() async throws { try await store.removeTokens(expiredBy: now()) }

  /// What is remembered of a token; nil when it is unknown or has expired.
  func active(_ secret: TokenSecret) async throws -> AccessToken? {
    guard let token = try await store.token(with: secret.digest), !token.isExpired(at: now()) else { return nil }
    return token
  }

  /// The tokens that machines have, by name, those that have expired among them.
  package func serviceTokens() async throws -> [AccessToken] { try await store.serviceTokens() }

  package func revoke(_ token: AccessToken, by author: Author) async throws {
    guard try await store.removeToken(with: token.digest) else { return }
    await trail.record(.tokenRevoked, by: author, "\(token.holder.name): \(token.scopes)")
  }

  private func token(
    _ secret: TokenSecret, _ holder: AccessToken.Holder, _ scopes: Scopes, _ lifetime: Int?
  ) -> AccessToken {
    let issued = Timestamp.truncated(now())
    return AccessToken(
      digest: secret.digest, holder: holder, scopes: scopes, issuedAt: issued,
      expiresAt: lifetime.map { issued.addingTimeInterval(TimeInterval($0)) })
  }
}
