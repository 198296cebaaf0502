import LocalDirectory
import SCIM

/// Users of the directory by their passwords, and machines by static tokens.
package actor DirectoryAuthenticator: Authenticator {
  package typealias Instant = ContinuousClock.Instant

  private let directory: Directory
  private let administrators: Administrators
  private let tokens: BearerTokens
  private let now: @Sendable () -> Instant
  private var throttle: LoginThrottle
  private var verified = VerifiedPasswords()
  /// Requests that came with the same name and password while the first of them was being verified.
  private var waiting: [VerifiedPasswords.Digest: [CheckedContinuation<Resource?, any Error>]] = [:]

  package init(
    directory: Directory, administrators: Administrators = Administrators(), tokens: BearerTokens = BearerTokens(),
    throttle: LoginThrottle = LoginThrottle(), now: @escaping @Sendable () -> Instant = { .now }
  ) {
    self.directory = directory
    self.administrators = administrators
    self.tokens = tokens
    self.throttle = throttle
    self.now = now
  }

  package func principal(for credential: Credential, from address: String) async throws -> Principal? {
    switch credential {
    case .bearer(let token): tokens.principal(for: token)
    case .basic(let userName, let password): try await user(userName, password, from: address).map(principal)
    }
  }

  private func user(_ userName: String, _ password: String, from address: String) async throws -> Resource? {
    let digest = verified.digest(userName: userName, password: password)
    if let user = try await remembered(digest) { return user }
    if waiting[digest] != nil {
      return try await withCheckedThrowingContinuation { waiting[digest]?.append($0) }
    }
    let key = LoginThrottle.Key(userName: userName, address: address)
    if let wait = throttle.attempt(key, at: now()) { throw LoginThrottled(retryAfter: wait) }

    waiting[digest] = []
    let answer = await verify(userName, password)
    for waiter in waiting.removeValue(forKey: digest) ?? [] { waiter.resume(with: answer) }
    guard let user = try answer.get() else { return nil }
    throttle.succeed(key)
    verified.insert(digest, userID: user.id, version: user.version, at: now())
    return user
  }

  private func verify(_ userName: String, _ password: String) async -> Result<Resource?, any Error> {
    do {
      return .success(try await directory.authenticate(userName: userName, password: password))
    } catch {
      return .failure(error)
    }
  }

  /// The user whose password was verified a moment ago, as it is now; nil when anything about it has changed since.
  private func remembered(_ digest: VerifiedPasswords.Digest) async throws -> Resource? {
    guard let entry = verified.entry(digest, at: now()), let users = directory.catalog.resourceType("User") else {
      return nil
    }
    do {
      let user = try await directory.resource(type: users, id: entry.userID, projection: Administrators.projection)
      if user.version == entry.version { return user }
    } catch let error as SCIMError where error.status == 404 {
      // The user is gone: the password is looked at again, and found to be nobody's.
    }
    verified.remove(digest)
    return nil
  }

  private func principal(of user: Resource) -> Principal {
    Principal(
      name: user.userName ?? user.id, userID: user.id, isAdministrator: administrators.contains(user))
  }
}
