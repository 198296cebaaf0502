import JSON
import NIOHTTP1
import SCIM

/// The way to one endpoint: requests are few at once, paced, and repeated where that is safe.
final class EndpointConnection: Sendable {
  private let transport: HTTPTransport
  private let scheduler: RequestScheduler

  /// - Parameters:
  ///   - base: what the target of every request follows.
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when the credential or the trust cannot be used.
  init(
    _ configuration: ConnectionConfiguration, base: String, format: MessageFormat, clock: any Clock<Duration>,
    generator: any RandomNumberGenerator & Sendable
  ) throws(EndpointError) {
    scheduler = RequestScheduler(
      policy: configuration.retry, limits: configuration.limits, clock: clock, generator: generator)
    transport = try HTTPTransport(configuration, base: base, format: format)
  }

  /// Lets go of the connections; must be called once, and no request may follow.
  func close() async { await transport.shutdown() }

  /// Sends a request, repeated where that is safe; a create goes by ``creating(_:reading:look:)``.
  func send(_ request: EndpointRequest) async throws(EndpointError) -> EndpointResponse {
    try await scheduler.run(request.effect) { () throws(EndpointError) -> EndpointResponse in
      try await transport.send(request)
    }
  }

  /// Sends a create; before it is repeated, `look` says whether the earlier attempt was carried out.
  func creating(
    _ request: EndpointRequest, reading read: (JSONObject) -> Resource,
    look: () async throws(EndpointError) -> Resource?
  ) async throws(EndpointError) -> Resource? {
    try await scheduler.run(
      request.effect,
      attempt: { () throws(EndpointError) -> Resource? in
        try await transport.send(request).object().map(read)
      }, look: look)
  }
}
