import Foundation
import Synchronization

/// What a provider keeps, as long as the process lives: for tests and trials.
package final class InMemoryProviderStore: SessionStore, GrantStore, ConsentStore, SigningKeyStore {
  private struct Tables {
    var sessions: [TokenDigest: UserSession] = [:]
    var grants: [String: Grant] = [:]
    var tickets: [TokenDigest: GrantTicket] = [:]
    var consents: [[String]: Consent] = [:]
    var keys: [SigningKey] = []

    /// Returns the ids of those that were there.
    mutating func revoke(where isMeant: (Grant) -> Bool) -> Set<String> {
      let gone = Set(grants.values.filter(isMeant).map(\.id))
      grants = grants.filter { !gone.contains($0.key) }
      tickets = tickets.filter { !gone.contains($0.value.grant) }
      return gone
    }
  }

  private let tables = Mutex(Tables())
  private let tokens: InMemoryTokenStore

  /// - Parameter tokens: those that come of the grants, among others.
  package init(_ tokens: InMemoryTokenStore) { self.tokens = tokens }

  package func insert(_ session: UserSession) async throws { tables.withLock { $0.sessions[session.digest] = session } }

  package func session(with digest: TokenDigest) async throws -> UserSession? {
    tables.withLock { $0.sessions[digest] }
  }

  package func touchSession(_ digest: TokenDigest, at time: Date) async throws {
    tables.withLock { $0.sessions[digest]?.seenAt = time }
  }

  package func forgetSession(_ digest: TokenDigest) async throws { tables.withLock { $0.sessions[digest] = nil } }

  package func endSession(_ id: String) async throws {
    revoke { tables in
      tables.sessions = tables.sessions.filter { $0.value.id != id }
      return tables.revoke { $0.session == id }
    }
  }

  package func endSessions(ofUser user: String) async throws { endAccess(ofUser: user) }

  /// What ``endSessions(ofUser:)`` does, for whoever cannot wait.
  package func endAccess(ofUser user: String) {
    revoke { tables in
      tables.sessions = tables.sessions.filter { $0.value.user != user }
      return tables.revoke { $0.user == user }
    }
  }

  package func removeSessions(expiredBy time: Date, unseenSince idle: Date) async throws {
    tables.withLock { tables in
      tables.sessions = tables.sessions.filter { $0.value.expiresAt > time && $0.value.seenAt > idle }
    }
  }

  package func insert(_ grant: Grant, code: GrantTicket) async throws {
    tables.withLock { tables in
      tables.grants[grant.id] = grant
      tables.tickets[code.digest] = code
    }
  }

  package func ticket(with digest: TokenDigest) async throws -> (ticket: GrantTicket, grant: Grant)? {
    tables.withLock { tables in
      guard let ticket = tables.tickets[digest], let grant = tables.grants[ticket.grant] else { return nil }
      return (ticket, grant)
    }
  }

  package func redeem(_ digest: TokenDigest, for access: AccessToken, _ refresh: GrantTicket?) async throws -> Bool {
    let (isFirst, gone) = tables.withLock { tables -> (Bool, Set<String>) in
      guard let ticket = tables.tickets[digest] else { return (false, []) }
      guard !ticket.isUsed else { return (false, tables.revoke { $0.id == ticket.grant }) }
      tables.tickets[digest]?.isUsed = true
      if let refresh { tables.tickets[refresh.digest] = refresh }
      tables.grants[ticket.grant]?.expiresAt = Grant.expiry(access, refresh)
      return (true, [])
    }
    tokens.removeTokens(ofGrants: gone)
    return isFirst ? try await tokens.insert(access) : false
  }

  package func grant(_ id: String) async throws -> Grant? { tables.withLock { $0.grants[id] } }

  package func revokeGrant(_ id: String) async throws -> Bool { !revoke { $0.revoke { $0.id == id } }.isEmpty }

  package func removeGrants(expiredBy time: Date) async throws {
    revoke { tables in
      let gone = tables.revoke { $0.expiresAt <= time }
      tables.tickets = tables.tickets.filter { $0.value.kind == .code || $0.value.expiresAt > time }
      return gone
    }
  }

  package func consent(of user: String, to resource: String) async throws -> Consent? {
    tables.withLock { $0.consents[[user, resource]] }
  }

  package func save(_ consent: Consent) async throws {
    tables.withLock { $0.consents[[consent.user, consent.resource]] = consent }
  }

  package func signingKeys() async throws -> [SigningKey] {
    tables.withLock { $0.keys.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }
  }

  package func rotate(to keys: [SigningKey], knowing known: Set<String>) async throws -> Bool {
    tables.withLock { tables in
      guard Set(tables.keys.map(\.id)).isSubset(of: known) else { return false }
      for key in keys {
        for index in tables.keys.indices where tables.keys[index].algorithm == key.algorithm {
          tables.keys[index].retiredAt = tables.keys[index].retiredAt ?? key.createdAt
        }
      }
      tables.keys += keys
      return true
    }
  }

  package func removeSigningKeys(retiredBy time: Date) async throws {
    tables.withLock { tables in
      tables.keys.removeAll { key in key.retiredAt.map { $0 <= time } ?? false }
    }
  }

  @discardableResult
  private func revoke(_ change: (inout sending Tables) -> Set<String>) -> Set<String> {
    let gone = tables.withLock { change(&$0) }
    tokens.removeTokens(ofGrants: gone)
    return gone
  }
}
