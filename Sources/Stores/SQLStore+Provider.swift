import Foundation
import LocalDirectory
import OpenID

/// What the OpenID provider keeps stands with the directory, so that servers that share the one share the other.
extension SQLStore {
  package func insert(_ session: UserSession) async throws { try await writing { try $0.insert(session) } }

  package func session(with digest: TokenDigest) async throws -> UserSession? {
    try await reading { try $0.session(with: digest) }
  }

  package func touchSession(_ digest: TokenDigest, at time: Date) async throws {
    let milliseconds = Timestamp.milliseconds(time)
    try await writing { try $0.touchSession(digest, at: milliseconds) }
  }

  package func forgetSession(_ digest: TokenDigest) async throws { try await writing { try $0.forgetSession(digest) } }

  package func endSession(_ id: String) async throws { try await writing { try $0.endSession(id) } }

  package func endSessions(ofUser user: String) async throws {
    try await writing { try $0.endSessions(ofUser: user) }
  }

  package func removeSessions(expiredBy time: Date, unseenSince idle: Date) async throws {
    let (time, idle) = (Timestamp.milliseconds(time), Timestamp.milliseconds(idle))
    try await writing { try $0.removeSessions(expiredBy: time, unseenSince: idle) }
  }

  package func insert(_ grant: Grant, code: GrantTicket) async throws {
    try await writing { try $0.insert(grant, code: code) }
  }

  package func ticket(with digest: TokenDigest) async throws -> (ticket: GrantTicket, grant: Grant)? {
    try await reading { try $0.ticket(with: digest) }
  }

  package func redeem(_ digest: TokenDigest, for access: AccessToken, _ refresh: GrantTicket?) async throws -> Bool {
    try await writing { try $0.redeem(digest, for: access, refresh) }
  }

  package func grant(_ id: String) async throws -> Grant? { try await reading { try $0.grant(id) } }

  package func revokeGrant(_ id: String) async throws -> Bool {
    try await writing { try $0.removeGrants("id = $1", [id]) }
  }

  package func removeGrants(expiredBy time: Date) async throws {
    let milliseconds = Timestamp.milliseconds(time)
    try await writing { try $0.removeGrants(expiredBy: milliseconds) }
  }

  package func consent(of user: String, to resource: String) async throws -> Consent? {
    try await reading { try $0.consent(of: user, to: resource) }
  }

  package func save(_ consent: Consent) async throws { try await writing { try $0.save(consent) } }

  package func signingKeys() async throws -> [SigningKey] { try await reading { try $0.signingKeys() } }

  package func rotate(to keys: [SigningKey], knowing known: Set<String>) async throws -> Bool {
    try await writing { try $0.rotate(to: keys, knowing: known) }
  }

  package func removeSigningKeys(retiredBy time: Date) async throws {
    let milliseconds = Timestamp.milliseconds(time)
    try await writing { try $0.removeSigningKeys(retiredBy: milliseconds) }
  }
}

extension SQLiteDirectoryStore: SessionStore, GrantStore, ConsentStore, SigningKeyStore {}

extension PostgreSQLDirectoryStore: SessionStore, GrantStore, ConsentStore, SigningKeyStore {}
