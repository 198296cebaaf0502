import JSON
import NIOHTTP1
import SCIM

/// The way to one endpoint: requests are few at once, paced, and repeated where that is safe.
final class EndpointConnection: Sendable {
  private let transport: HTTPTransport
  /// nil when the credential stays the same.
  private let tokens: AccessTokenSource?
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
    // What cannot be used must be found out before there is something that has to be shut down.
    if case .accessToken(let grant)? = configuration.credential { try grant.check() }
    transport = try HTTPTransport(configuration, base: base, format: format)
    tokens =
      if case .accessToken(let grant)? = configuration.credential {
        try AccessTokenSource(grant, configuration, base: base, clock: clock)
      } else { nil }
  }

  /// Lets go of the connections; must be called once, and no request may follow.
  func close() async {
    await transport.shutdown()
    await tokens?.close()
  }

  /// Sends a request, repeated where that is safe; a create goes by ``creating(_:reading:look:)``.
  func send(_ request: EndpointRequest) async throws(EndpointError) -> EndpointResponse {
    try await send(request) { answer in answer }
  }

  /// Sends a request, repeated where that is safe.
  /// - Parameter read: reads an answer; what it throws is what the endpoint answered, in protocols that tell failures by
  ///   other means than the status.
  func send<Value: Sendable>(
    _ request: EndpointRequest, reading read: (EndpointResponse) throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    try await scheduler.run(request.effect) { () throws(EndpointError) -> Value in
      try await attempt(request, read)
    }
  }

  /// Sends a create; before it is repeated, `look` says whether the earlier attempt was carried out.
  /// - Parameter read: what was made, as the answer tells it.
  func creating<Value: Sendable>(
    _ request: EndpointRequest, reading read: (EndpointResponse) throws(EndpointError) -> Value,
    look: () async throws(EndpointError) -> Value?
  ) async throws(EndpointError) -> Value {
    try await scheduler.run(
      request.effect, attempt: { () throws(EndpointError) -> Value in try await attempt(request, read) }, look: look)
  }

  private func attempt<Value>(
    _ request: EndpointRequest, _ read: (EndpointResponse) throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    let answer = try await attempt(request)
    do throws(EndpointError) {
      return try read(answer)
    } catch {
      throw transport.redacted(error, request)
    }
  }

  /// Sends a request once, or a second time with a new access token when the first was refused.
  private func attempt(_ request: EndpointRequest) async throws(EndpointError) -> EndpointResponse {
    guard let tokens else { return try await transport.send(request) }
    let token = try await tokens.token()
    do throws(EndpointError) {
      return try await accepted(request, token, by: tokens)
    } catch {
      guard error.kind == .unauthorized, let other = try await tokens.replacement(for: token) else { throw error }
      do throws(EndpointError) {
        return try await accepted(request, other, by: tokens)
      } catch {
        if error.kind == .unauthorized { tokens.doubt(other, true) }
        throw error
      }
    }
  }

  /// Sends a request, and takes note of a token that the endpoint heeds.
  private func accepted(
    _ request: EndpointRequest, _ token: AccessToken, by tokens: AccessTokenSource
  ) async throws(EndpointError) -> EndpointResponse {
    let answer = try await transport.send(request, token: token)
    tokens.doubt(token, false)
    return answer
  }
}
