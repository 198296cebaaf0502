import Endpoints
import Foundation
import LocalDirectory
import Logging
import Reconciliation

/// What outbound provisioning needs from outside.
package struct ProvisioningSurroundings: Sendable {
  /// How long things take.
  package struct Times: Sendable {
    /// How often a connector looks for what other processes wrote; what this one writes wakes it at once.
    package var poll = Duration.seconds(1)
    /// How long a server that died keeps others from working for its connectors, in seconds.
    package var lease: TimeInterval = 15
    /// The pause between two full passes, in seconds.
    package var passInterval: TimeInterval = 3600
    /// The longest that a write waits for a connector that blocks.
    package var patience = Duration.seconds(30)

    package init() {}
  }

  /// Its own writes are not observed, and its secrets can be opened.
  package var directory: Directory
  package var store: any ProvisioningStore
  /// Opens the passwords that are kept for connectors.
  package var secretBox: SecretBox
  /// The Endpoint manifests that connectors may name.
  package var endpoints: [EndpointDeclaration]
  package var open: @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint
  /// A name that no other process has.
  package var owner: String
  package var now: @Sendable () -> Date
  /// Between 0 and 1: spreads retries.
  package var random: @Sendable () -> Double
  package var logger: Logger
  package var times = Times()
  var policy = DeliveryPolicy()
  let metrics: ProvisioningMetrics

  package init(
    directory: Directory, store: any ProvisioningStore, secretBox: SecretBox, endpoints: [EndpointDeclaration] = [],
    open: @escaping @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint, owner: String,
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double, metrics: ServerMetrics,
    logger: Logger
  ) {
    self.directory = directory
    self.store = store
    self.secretBox = secretBox
    self.endpoints = endpoints
    self.open = open
    self.owner = owner
    self.now = now
    self.random = random
    self.metrics = ProvisioningMetrics(metrics.registry)
    self.logger = logger
  }

  func provisioner(_ connector: Connector, _ endpoint: any Endpoint) -> Provisioner {
    Provisioner(
      connector: connector, endpoint: endpoint, directory: directory, store: store, secretBox: secretBox, now: now)
  }
}
