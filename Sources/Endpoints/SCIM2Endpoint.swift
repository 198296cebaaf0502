import Reconciliation
import SCIM

/// A SCIM 2 service provider reached over HTTP (RFC 7644).
package final class SCIM2Endpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let address: SCIM2Address
  let connection: EndpointConnection
  let excludedAttributes: [String]
  let schemas: [SchemaExtension]
  let configurationPath: String
  let pageSizes: PageSizes
  private let profile = LearnedOnce<ServiceProfile>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: SCIM2Configuration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.connection.credential?.userName
    address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    excludedAttributes = configuration.excludedAttributes
    schemas = configuration.schemas
    configurationPath = configuration.configurationPath
    pageSizes = PageSizes(preferred: configuration.pageSize)
    connection = try EndpointConnection(
      configuration.connection, base: address.base, format: .scim2, clock: clock, generator: generator)
  }

  package func close() async { await connection.close() }

  package func capabilities() async throws(EndpointError) -> Capabilities { try await serviceProfile().capabilities }

  /// What the endpoint said about itself, asked for once in the life of this value.
  func serviceProfile() async throws(EndpointError) -> ServiceProfile {
    try await profile.value { () throws(EndpointError) -> ServiceProfile in try await discover() }
  }
}
