import Foundation
import LocalDirectory

/// What connectors know and have yet to do stands with the directory, so that one transaction holds a change and its
/// event, and a backup holds both.
extension SQLStore {
  package func lease(
    _ connector: String, to owner: String, until end: Date, now: Date
  ) async throws -> ConnectorState? {
    let (end, now) = (Timestamp.milliseconds(end), Timestamp.milliseconds(now))
    return try await writing { try $0.lease(connector, to: owner, until: end, now: now) }
  }

  package func releaseLeases(of owner: String) async throws { try await writing { try $0.releaseLeases(of: owner) } }

  package func connectorStates() async throws -> [ConnectorState] { try await reading { try $0.connectorStates() } }

  package func links(of connector: String) async throws -> [ProvisioningLink] {
    try await reading { try $0.links(of: connector) }
  }

  package func links(of connector: String, to ids: [String]) async throws -> [ProvisioningLink] {
    try await reading { try $0.links(of: connector, where: .id, isOneOf: ids) }
  }

  package func links(of connector: String, remoteIDs: [String]) async throws -> [ProvisioningLink] {
    try await reading { try $0.links(of: connector, where: .remote, isOneOf: remoteIDs) }
  }

  package func deliveries(of connector: String?) async throws -> [Delivery] {
    try await reading { try $0.deliveries(of: connector) }
  }

  package func exemptions(of connector: String) async throws -> Set<String> {
    try await reading { try $0.exemptions(of: connector) }
  }

  package func sealedPasswords(for connector: String) async throws -> [String: String] {
    try await reading { try $0.sealedPasswords(for: connector) }
  }

  package func record(_ round: ProvisioningRound, by owner: String, now: Date) async throws -> Bool {
    let now = Timestamp.milliseconds(now)
    return try await writing { try $0.record(round, by: owner, now: now) }
  }

  package func retryDeliveries(of connector: String, id: String?, now: Date) async throws -> Int {
    let now = Timestamp.milliseconds(now)
    return try await writing { try $0.retryDeliveries(of: connector, id: id, now: now) }
  }

  package func dropDeliveries(of connector: String, id: String?) async throws -> Int {
    try await writing { try $0.dropDeliveries(of: connector, id: id) }
  }

  package func forgetPasswords(exceptFor connectors: Set<String>) async throws {
    try await writing { try $0.erasePasswords(exceptFor: connectors) }
  }
}

extension SQLTransaction {
  fileprivate func record(_ round: ProvisioningRound, by owner: String, now: Int) throws -> Bool {
    let connector = round.state.name
    guard try save(round.state, by: owner, now: now) else { return false }
    for link in round.links { try save(link, of: connector) }
    try unlink(round.unlinked, from: connector)
    for failure in round.failures { try save(failure) }
    try settle(round.settled, of: connector)
    try exempt(round.exempted, from: connector)
    try include(round.included, in: connector)
    for (id, sealed) in round.spentPasswords { try erasePassword(sealed, of: id, for: connector) }
    return true
  }
}

extension SQLiteDirectoryStore: ProvisioningStore {}

extension PostgreSQLDirectoryStore: ProvisioningStore {}
