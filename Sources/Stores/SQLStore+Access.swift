import Foundation
import LocalDirectory
import OpenID

/// The tokens and the record of accesses stand with the directory, so that whoever has the one has the others.
extension SQLStore {
  package func insert(_ token: AccessToken) async throws -> Bool { try await writing { try $0.insert(token) } }

  package func token(with digest: TokenDigest) async throws -> AccessToken? {
    try await reading { try $0.token(with: digest) }
  }

  package func serviceTokens() async throws -> [AccessToken] { try await reading { try $0.serviceTokens() } }

  package func removeToken(with digest: TokenDigest) async throws -> Bool {
    try await writing { try $0.removeToken(with: digest) }
  }

  package func removeTokens(expiredBy time: Date) async throws {
    let milliseconds = Timestamp.milliseconds(time)
    try await writing { try $0.removeTokens(expiredBy: milliseconds) }
  }

  package func append(_ event: AccessEvent) async throws { try await writing { try $0.append(event) } }

  package func accessEvents(after sequence: Int, limit: Int) async throws -> [AccessEvent] {
    try await reading { try $0.accessEvents(after: sequence, limit: limit) }
  }

  package func lastAccessEvent() async throws -> Int { try await reading { try $0.lastAccessEvent() } }
}

extension SQLiteDirectoryStore: TokenStore, AccessLog {}

extension PostgreSQLDirectoryStore: TokenStore, AccessLog {}
