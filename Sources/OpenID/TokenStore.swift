import Foundation
import Synchronization

/// Where the server remembers tokens. What one process writes, every other that shares the store sees at once.
/// Methods throw the store's own errors.
package protocol TokenStore: Sendable {
  /// Keeps a token.
  /// - Returns: false, and keeps nothing, when there is a service token of this name.
  func insert(_ token: AccessToken) async throws -> Bool

  /// The token, expired or not; nil when there is none.
  func token(with digest: TokenDigest) async throws -> AccessToken?

  /// The tokens that machines have, by name.
  func serviceTokens() async throws -> [AccessToken]

  /// - Returns: whether it was there.
  func removeToken(with digest: TokenDigest) async throws -> Bool

  /// Forgets what has expired by then.
  func removeTokens(expiredBy time: Date) async throws
}

/// Tokens that live as long as the process: for tests and trials.
package final class InMemoryTokenStore: TokenStore {
  fileprivate let tokens = Mutex<[TokenDigest: AccessToken]>([:])

  package init() {}

  package func insert(_ token: AccessToken) async throws -> Bool {
    tokens.withLock { tokens in
      if case .service = token.holder, tokens.values.contains(where: { $0.holder == token.holder }) { return false }
      tokens[token.digest] = token
      return true
    }
  }

  package func token(with digest: TokenDigest) async throws -> AccessToken? { tokens.withLock { $0[digest] } }

  package func serviceTokens() async throws -> [AccessToken] {
    let all = tokens.withLock { Array($0.values) }
    return all.filter { if case .service = $0.holder { true } else { false } }.sorted {
      $0.holder.name < $1.holder.name
    }
  }

  package func removeToken(with digest: TokenDigest) async throws -> Bool {
    tokens.withLock { $0.removeValue(forKey: digest) != nil }
  }

  package func removeTokens(expiredBy time: Date) async throws {
    tokens.withLock { tokens in tokens = tokens.filter { !$0.value.isExpired(at: time) } }
  }
}

extension InMemoryTokenStore {
  func removeTokens(ofGrants grants: Set<String>) {
    tokens.withLock { tokens in
      tokens = tokens.filter { token in token.value.holder.grant.map { !grants.contains($0) } ?? true }
    }
  }

  /// How many tokens there are, expired or not.
  package var count: Int { tokens.withLock { $0.count } }
}
