import Foundation

/// Where connectors keep what they know and what they have yet to do, beside the directory's events. Of several servers
/// that share the store, one at a time works on a connector.
///
/// Methods throw the store's own errors; each is one transaction, durable when it returns.
package protocol ProvisioningStore: Sendable {
  /// Takes or renews the lease of a connector.
  /// - Parameters:
  ///   - owner: a name that no other process has.
  ///   - end: when the lease ends unless it is renewed.
  /// - Returns: how far the connector has come; nil while another owner's lease lasts.
  func lease(_ connector: String, to owner: String, until end: Date, now: Date) async throws -> ConnectorState?

  /// Ends the leases of an owner, so that another need not wait for their end.
  func releaseLeases(of owner: String) async throws

  /// All connectors that ever worked, by name.
  func connectorStates() async throws -> [ConnectorState]

  /// All links of a connector, by the ids here.
  func links(of connector: String) async throws -> [ProvisioningLink]

  /// The links of these resources, by their ids here.
  func links(of connector: String, to ids: [String]) async throws -> [ProvisioningLink]

  /// The links to these resources, by their ids there.
  func links(of connector: String, remoteIDs: [String]) async throws -> [ProvisioningLink]

  /// What could not be delivered, by connector and by when it first failed; nil: of every connector.
  func deliveries(of connector: String?) async throws -> [Delivery]

  /// The ids of resources that a connector is not to provision, because they came in by an application that provisions
  /// elsewhere.
  func exemptions(of connector: String) async throws -> Set<String>

  /// The sealed passwords that a connector has yet to deliver, by the ids of the users.
  func sealedPasswords(for connector: String) async throws -> [String: String]

  /// Writes down what a connector did, all in one transaction.
  /// - Returns: false, and nothing is written, when the lease is another owner's by now.
  func record(_ round: ProvisioningRound, by owner: String, now: Date) async throws -> Bool

  /// Makes deliveries due at once, dead ones too, as if they had never failed.
  /// - Parameter id: one resource; nil: all of the connector.
  /// - Returns: how many there were.
  func retryDeliveries(of connector: String, id: String?, now: Date) async throws -> Int

  /// Gives deliveries up, the passwords that go with them too.
  /// - Returns: how many there were.
  func dropDeliveries(of connector: String, id: String?) async throws -> Int

  /// Forgets the sealed passwords that no connector of these waits for.
  func forgetPasswords(exceptFor connectors: Set<String>) async throws
}

/// What one round of a connector's work comes to.
package struct ProvisioningRound: Sendable {
  /// How far the connector is now.
  package var state: ConnectorState
  /// Written, in place of what there was.
  package var links: [ProvisioningLink] = []
  /// The ids of resources that are gone there.
  package var unlinked: [String] = []
  /// Written, in place of what there was.
  package var failures: [Delivery] = []
  /// The ids of resources that no longer wait.
  package var settled: [String] = []
  /// The ids of resources from now on left to other connectors.
  package var exempted: [String] = []
  /// The ids of resources that are left to others no longer.
  package var included: [String] = []
  /// Sealed passwords that are delivered or not wanted, by user: each is erased unless there is a newer one.
  package var spentPasswords: [String: String] = [:]

  package init(state: ConnectorState) { self.state = state }
}
