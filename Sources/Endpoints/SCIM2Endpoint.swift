import JSON
import NIOCore
import NIOHTTP1
import Reconciliation
import SCIM
import Synchronization

/// A SCIM 2 service provider reached over HTTP (RFC 7644).
package final class SCIM2Endpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let address: SCIM2Address
  let excludedAttributes: [String]
  let schemas: [SchemaExtension]
  let pageSizes: PageSizes
  private let transport: HTTPTransport
  private let scheduler: RequestScheduler
  private let profile = Mutex<ServiceProfile?>(nil)
  /// Lets one caller ask for the profile while the others wait for what it learns.
  private let discovery = RequestWindow(size: 1)

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: SCIM2Configuration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.credential?.userName
    address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    excludedAttributes = configuration.excludedAttributes
    schemas = configuration.schemas
    pageSizes = PageSizes(preferred: configuration.pageSize)
    scheduler = RequestScheduler(
      policy: configuration.retry, limits: configuration.limits, clock: clock, generator: generator)
    transport = try HTTPTransport(configuration, base: address.base)
  }

  /// Lets go of connections; no call may follow.
  package func close() async { await transport.shutdown() }

  package func capabilities() async throws(EndpointError) -> Capabilities { try await serviceProfile().capabilities }

  /// What the endpoint said about itself, asked for once in the life of this value.
  func serviceProfile() async throws(EndpointError) -> ServiceProfile {
    if let known = profile.withLock({ $0 }) { return known }
    return try await discovery.withPlace { () throws(EndpointError) -> ServiceProfile in
      if let known = profile.withLock({ $0 }) { return known }
      let learned = try await discover()
      profile.withLock { $0 = learned }
      return learned
    }
  }

  /// Sends a request, repeated where that is safe; a create goes by ``creating(_:look:)``.
  func send(_ request: EndpointRequest) async throws(EndpointError) -> EndpointResponse {
    try await scheduler.run(request.effect) { () throws(EndpointError) -> EndpointResponse in
      try await transport.send(request)
    }
  }

  /// Sends a create; before it is repeated, `look` says whether the earlier attempt was carried out.
  func creating(
    _ request: EndpointRequest, look: () async throws(EndpointError) -> Resource?
  ) async throws(EndpointError) -> Resource? {
    try await scheduler.run(
      request.effect,
      attempt: { () throws(EndpointError) -> Resource? in
        try await transport.send(request).object().map(Resource.init)
      }, look: look)
  }
}
