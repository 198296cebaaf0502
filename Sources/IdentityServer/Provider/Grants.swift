import Foundation
import JSON
import LocalDirectory
import OpenID
import SCIM

/// What users allow clients, and the codes and tokens that come of it.
struct Grants: Sendable {
  /// In seconds; the client redeems a code at once (RFC 6749 section 4.1.2).
  private static let codeLifetime: TimeInterval = 60

  private let provider: OpenIDProvider
  private let directory: Directory
  private let tokens: AccessTokens
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> [UInt8]

  init(
    _ provider: OpenIDProvider, directory: Directory, tokens: AccessTokens,
    random: @escaping @Sendable () -> [UInt8] = TokenSecret.systemRandom
  ) {
    self.provider = provider
    self.directory = directory
    self.tokens = tokens
    now = provider.now
    self.random = random
  }

  /// The code for what the user allows.
  func give(_ request: AuthorizationRequest, in session: UserSession, issuer: String) async throws -> TokenSecret {
    let time = Timestamp.truncated(now())
    try await provider.store.removeGrants(expiredBy: time)
    let expiry = time.addingTimeInterval(Self.codeLifetime)
    let grant = Grant(
      id: Base64URL.encoded(random().prefix(16)), client: request.client.id, resource: request.client.resource,
      user: session.user, session: session.id, scopes: request.scopes, issuer: issuer,
      redirectURI: request.redirectURI.text, challenge: request.challenge, nonce: request.nonce,
      authenticatedAt: session.authenticatedAt, methods: session.methods, credential: session.credential,
      createdAt: time, expiresAt: expiry)
    let code = TokenSecret(.code, random: random())
    let ticket = GrantTicket(digest: code.digest, kind: .code, grant: grant.id, expiresAt: expiry)
    try await provider.store.insert(grant, code: ticket)
    return code
  }

  /// The tokens for a code (RFC 6749 section 4.1.3).
  /// - Throws: `OAuthError` invalid_grant.
  func redeem(
    code: TokenDigest, redirectURI: String, verifier: String?, for client: Client, by author: Author
  ) async throws -> TokenResponse {
    let (ticket, grant) = try await unused(code, .code, for: client, by: author)
    guard grant.redirectURI.isExactly(redirectURI) else {
      throw OAuthError(.invalidGrant, "The redirect_uri is not the one that the code was sent to.")
    }
    // A verifier without a challenge is as wrong as the other way round: somebody took the challenge away (RFC 9700
    // section 2.1.1).
    guard verifier.map({ grant.challenge?.isAnswered(by: $0) ?? false }) ?? (grant.challenge == nil) else {
      throw OAuthError(.invalidGrant, "The code_verifier does not answer the code_challenge.")
    }
    return try await issue(grant, for: ticket, scopes: grant.scopes, to: client, by: author)
  }

  /// The next tokens (RFC 6749 section 6). The refresh token is another one each time.
  /// - Parameter scopes: fewer than before, if the client wants that; nil for the same.
  /// - Throws: `OAuthError` invalid_grant, or invalid_scope for more than before.
  func refresh(
    _ digest: TokenDigest, scopes: Scopes?, for client: Client, by author: Author
  ) async throws -> TokenResponse {
    var (ticket, grant) = try await unused(digest, .refresh, for: client, by: author)
    guard scopes.map(grant.scopes.isSuperset) ?? true else {
      throw OAuthError(.invalidScope, "A refreshed token may allow no more than the user has allowed.")
    }
    // The nonce belongs to the sign-in (OpenID Connect Core section 12.2).
    grant.nonce = nil
    return try await issue(grant, for: ticket, scopes: scopes ?? grant.scopes, to: client, by: author)
  }

  /// A ticket that may be used now, and its grant.
  private func unused(
    _ digest: TokenDigest, _ kind: GrantTicket.Kind, for client: Client, by author: Author
  ) async throws -> (ticket: GrantTicket, grant: Grant) {
    let refusal = OAuthError(.invalidGrant, "The \(kind.wording) is unknown, has expired or was used.")
    // Of a ticket of somebody else the client learns nothing, and does nothing to it.
    guard let (ticket, grant) = try await provider.store.ticket(with: digest), ticket.kind == kind,
      grant.client.isExactly(client.id), grant.resource == client.resource
    else { throw refusal }
    guard !ticket.isUsed else {
      try await revokeReused(grant, kind, by: author)
      throw refusal
    }
    guard ticket.expiresAt > now() else { throw refusal }
    return (ticket, grant)
  }

  private func issue(
    _ grant: Grant, for ticket: GrantTicket, scopes: Scopes, to client: Client, by author: Author
  ) async throws -> TokenResponse {
    guard let (user, credential) = try await directory.activeUser(grant.user), credential == grant.credential else {
      _ = try await provider.store.revokeGrant(grant.id)
      throw OAuthError(.invalidGrant, "The user must sign in again.")
    }
    let time = Timestamp.truncated(now())
    let secret = TokenSecret(.access, random: random())
    let access = AccessToken(
      digest: secret.digest,
      holder: .user(id: grant.user, client: client.id, resource: client.resource, grant: grant.id), scopes: scopes,
      issuedAt: time, expiresAt: time.addingTimeInterval(TimeInterval(client.accessTokenLifetime)))
    let refresh = refreshToken(for: grant, client, at: time)
    let claims = UserClaims(user)
    let idToken = try await idToken(grant, claims, secret, scopes, client, time)
    guard try await provider.store.redeem(ticket.digest, for: access, refresh?.ticket) else {
      try await revokeReused(grant, ticket.kind, by: author)
      throw OAuthError(.invalidGrant, "The \(ticket.kind.wording) was used.")
    }
    try await tokens.forgetExpired()
    await provider.trail.record(.tokenIssued, by: author, "\(user.userName ?? user.id): \(scopes)")
    return TokenResponse(
      accessToken: secret, expiresIn: client.accessTokenLifetime, scopes: scopes, refreshToken: refresh?.secret,
      idToken: idToken)
  }

  private func refreshToken(
    for grant: Grant, _ client: Client, at time: Date
  ) -> (secret: TokenSecret, ticket: GrantTicket)? {
    let last = grant.createdAt.addingTimeInterval(Grant.longestLifetime)
    let expiry = min(time.addingTimeInterval(TimeInterval(client.refreshTokenLifetime)), last)
    guard client.grantTypes.contains(.refreshToken), expiry > time else { return nil }
    let secret = TokenSecret(.refresh, random: random())
    return (secret, GrantTicket(digest: secret.digest, kind: .refresh, grant: grant.id, expiresAt: expiry))
  }

  private func idToken(
    _ grant: Grant, _ user: UserClaims, _ accessToken: TokenSecret, _ scopes: Scopes, _ client: Client, _ time: Date
  ) async throws -> String? {
    guard scopes.contains(.openid) else { return nil }
    let token = IDToken(
      grant, subject: user.subject(for: client), accessToken: accessToken, issuedAt: time,
      claims: user.claims(for: scopes))
    return try await provider.keys.sign(token.payload, client.signatureAlgorithm)
  }

  /// Whoever comes second may be the thief or the robbed, so nobody keeps anything (RFC 9700 sections 2.1.1 and 4.14.2).
  private func revokeReused(_ grant: Grant, _ kind: GrantTicket.Kind, by author: Author) async throws {
    _ = try await provider.store.revokeGrant(grant.id)
    await provider.trail.record(.tokenReused, by: author, "\(grant.client): \(kind.wording)")
  }
}

extension GrantTicket.Kind {
  fileprivate var wording: String {
    switch self {
    case .code: "code"
    case .refresh: "refresh token"
    }
  }
}
