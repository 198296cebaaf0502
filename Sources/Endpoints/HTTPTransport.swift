import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Reconciliation

/// Sends single requests to one base address over kept-alive HTTP/1.1 connections: nothing is repeated or followed here.
final class HTTPTransport: Sendable {
  private let client: HTTPClient
  private let base: String
  private let headers: HTTPHeaders
  private let contentType: String
  private let timeout: TimeAmount
  private let maxAnswerSize: Int
  private let secrets: [String]

  /// - Throws: `misconfigured` when the credential or the trust cannot be used.
  init(_ configuration: ConnectionConfiguration, base: String, format: MessageFormat) throws(EndpointError) {
    self.base = base
    contentType = format.contentType
    headers = try Self.headers(configuration, format)
    timeout = TimeAmount(configuration.timeouts.request)
    maxAnswerSize = configuration.maxAnswerSize
    secrets = configuration.credential?.secrets ?? []
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try Self.clientConfiguration(configuration))
  }

  /// - Parameter token: the credential, where it is asked for anew from time to time.
  /// - Throws: what the answer or the lack of one means; the message holds no secret.
  func send(_ request: EndpointRequest, token: AccessToken? = nil) async throws(EndpointError) -> EndpointResponse {
    let secrets = secrets + request.secrets + (token.map { [$0.value.revealed] } ?? [])
    let message = try clientRequest(request, token)
    let answer: EndpointResponse
    do {
      let response = try await client.execute(message, timeout: timeout)
      answer = EndpointResponse(
        status: Int(response.status.code), headers: response.headers,
        body: try await response.body.collect(upTo: maxAnswerSize))
    } catch {
      throw EndpointError(transport: error).redacting(secrets)
    }
    guard (200..<300).contains(answer.status) || request.expected.contains(answer.status) else {
      let refusal = EndpointError(status: answer.status, headers: answer.headers, body: answer.body.readableBytesView)
      throw refusal.redacting(secrets)
    }
    return answer
  }

  /// The error of an answer to the request, without the secrets of both.
  func redacted(_ error: EndpointError, _ request: EndpointRequest) -> EndpointError {
    error.redacting(secrets + request.secrets)
  }

  /// Must be called once; the client holds its connections until then.
  func shutdown() async {
    // The only error is that it is shut down already, which is what is wanted.
    try? await client.shutdown()
  }

  private func clientRequest(
    _ request: EndpointRequest, _ token: AccessToken?
  ) throws(EndpointError) -> HTTPClientRequest {
    var result = HTTPClientRequest(url: base + request.target)
    result.method = request.method
    result.headers = headers
    result.headers.add(contentsOf: request.fields)
    if let tag = request.ifMatch { result.headers.add(name: "If-Match", value: tag) }
    if let token { result.headers.add(name: "Authorization", value: try token.authorization()) }
    if let content = request.content {
      result.headers.add(name: "Content-Type", value: content.mediaType)
      result.body = .bytes(ByteBuffer(bytes: content.bytes))
    } else if let body = request.body {
      result.headers.add(name: "Content-Type", value: contentType)
      result.body = .bytes(ByteBuffer(bytes: body.serialized()))
    }
    return result
  }

  private static func headers(
    _ configuration: ConnectionConfiguration, _ format: MessageFormat
  ) throws(EndpointError) -> HTTPHeaders {
    var headers: HTTPHeaders = ["Accept": format.accept, "User-Agent": configuration.userAgent]
    if let action = format.soapAction { headers.add(name: "SOAPAction", value: action) }
    if let authorization = try configuration.credential?.authorization() {
      headers.add(name: "Authorization", value: authorization)
    }
    return headers
  }

  private static func clientConfiguration(
    _ configuration: ConnectionConfiguration
  ) throws(EndpointError) -> HTTPClient.Configuration {
    var pool = HTTPClient.Configuration.ConnectionPool()
    pool.concurrentHTTP1ConnectionsPerHostSoftLimit = min(max(configuration.limits.concurrency, 1), 16)
    // The retry policy decides about a second attempt, and the clock it waits by is ours.
    pool.retryConnectionEstablishment = false
    var result = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: TimeAmount(configuration.timeouts.connect), read: TimeAmount(configuration.timeouts.read)),
      connectionPool: pool)
    result.httpVersion = .http1Only
    try ServerTrust.apply(configuration.trust, to: &result)
    return result
  }
}
