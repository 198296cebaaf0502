import LocalDirectory
import OpenID

/// Users and applications of the directory by their secrets, and machines by tokens.
package actor DirectoryAuthenticator: Authenticator {
  package typealias Instant = ContinuousClock.Instant

  private let accounts: DirectoryAccounts
  private let staticTokens: BearerTokens
  private let accessTokens: AccessTokens
  private let trail: AccessTrail
  private let now: @Sendable () -> Instant
  private var guards: LoginGuard
  private var verified = VerifiedPasswords()
  /// Requests that came with the same name and secret while the first of them was being verified.
  private var waiting: [VerifiedPasswords.Digest: [CheckedContinuation<Account?, any Error>]] = [:]

  /// - Parameters:
  ///   - staticTokens: those that the server was started with.
  ///   - accessTokens: those that are kept in the store.
  ///   - trail: where logins that are refused are recorded.
  package init(
    directory: Directory, administrators: Administrators = Administrators(),
    staticTokens: BearerTokens = BearerTokens(), accessTokens: AccessTokens, trail: AccessTrail,
    limits: LoginGuard.Limits = LoginGuard.Limits(), now: @escaping @Sendable () -> Instant = { .now }
  ) {
    accounts = DirectoryAccounts(directory: directory, administrators: administrators)
    self.staticTokens = staticTokens
    self.accessTokens = accessTokens
    self.trail = trail
    self.now = now
    guards = LoginGuard(limits)
  }

  /// Not isolated, for tokens have nothing to do with what is remembered of passwords.
  package nonisolated func principal(for credential: Credential, from address: NetworkAddress) async throws
    -> Principal?
  {
    switch credential {
    case .bearer(let token):
      if let principal = staticTokens.principal(for: token) { return principal }
      return try await principal(of: TokenSecret(token))
    case .basic(let userName, let password):
      return try await account(Login(kind: .user, name: userName, secret: password), from: address)?.principal
    case .client(let id, let secret):
      return try await account(Login(kind: .client, name: id, secret: secret), from: address)?.principal
    }
  }

  package func principal(ofUser id: String) async throws -> Principal? {
    try await accounts.account(.user, id: id)?.principal
  }

  private func account(_ login: Login, from address: NetworkAddress) async throws -> Account? {
    guard login.isPlausible else { return nil }
    let digest = verified.digest(login)
    if let account = try await remembered(digest, login.kind) { return account }
    if waiting[digest] != nil {
      return try await withCheckedThrowingContinuation { waiting[digest]?.append($0) }
    }
    if let wait = guards.attempt(login.account, from: address, at: now()) {
      if wait.isNews { await trail.record(.loginThrottled, of: login, from: address) }
      throw LoginThrottled(retryAfter: wait.duration)
    }

    waiting[digest] = []
    let answer = await verify(login)
    for waiter in waiting.removeValue(forKey: digest) ?? [] { waiter.resume(with: answer) }
    guard let account = try answer.get() else {
      await trail.record(.loginRefused, of: login, from: address)
      return nil
    }
    guards.succeed(login.account, from: address, at: now())
    verified.insert(digest, account, at: now())
    return account
  }

  private func verify(_ login: Login) async -> Result<Account?, any Error> {
    do {
      return .success(try await accounts.verify(login))
    } catch {
      return .failure(error)
    }
  }

  /// The account whose secret was verified a moment ago, as it is now; nil when anything about it has changed since.
  private func remembered(_ digest: VerifiedPasswords.Digest, _ kind: Login.Kind) async throws -> Account? {
    guard let entry = verified.entry(digest, at: now()) else { return nil }
    if let account = try await accounts.account(kind, id: entry.id), account.version == entry.version { return account }
    verified.remove(digest)
    return nil
  }

  /// Whom a token of the store stands for; nil when it is good no more, or the application that it was for.
  private nonisolated func principal(of secret: TokenSecret) async throws -> Principal? {
    guard let token = try await accessTokens.active(secret) else { return nil }
    return switch try await TokenBearer(token, in: accounts.directory) {
    case .machine(let name): Principal(.token, name: name, rights: token.scopes.rights)
    case .application(let client):
      Principal(.client, name: client.id, rights: client.scopes.granting(token.scopes).rights)
    case .user(let user, let client): accounts.principal(of: user, by: client.scopes.granting(token.scopes))
    case nil: nil
    }
  }
}
