import Endpoints
import Foundation
import IdentityServer
import LocalDirectory
import Reconciliation
import Stores

extension Workspace {
  /// Seals and opens the secrets of the directory at this place.
  func secretBox(at place: String) throws -> SecretBox {
    try SecretKeyFile(DirectoryPlace(place).folder).box(settings.environment)
  }

  /// Outbound provisioning of a directory.
  /// - Parameters:
  ///   - endpoints: those of the manifests, which connectors may name.
  ///   - passInterval: between two full passes, in seconds.
  func provisioning(
    of directory: Directory, in store: any ProvisioningStore, sealedWith box: SecretBox,
    endpoints: [EndpointDeclaration], passInterval: TimeInterval?, _ metrics: ServerMetrics
  ) -> OutboundProvisioning {
    var surroundings = ProvisioningSurroundings(
      directory: directory, store: store, secretBox: box, endpoints: endpoints, open: openForConnector,
      owner: UUID().uuidString, now: now, random: { Double.random(in: 0..<1) }, metrics: metrics, logger: logger)
    surroundings.times.passInterval = passInterval ?? surroundings.times.passInterval
    return OutboundProvisioning(surroundings)
  }

  /// As ``open(_:)``, with less patience: what fails here is tried again by the queue.
  @Sendable private func openForConnector(
    _ declaration: EndpointDeclaration
  ) async throws(EndpointError) -> any Endpoint {
    var factory = await endpointFactory(for: declaration)
    factory.retry = RetryPolicy(attempts: 3, patience: .seconds(15))
    return try await factory.endpoint(for: declaration)
  }
}
