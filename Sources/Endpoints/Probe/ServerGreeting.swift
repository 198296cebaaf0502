import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Reconciliation
import Synchronization

/// What a server shows of itself before it is told who asks: one request without credentials.
struct ServerGreeting: Sendable {
  var certificate: ServerCertificate?
  /// In seconds.
  var latency: TimeInterval
  /// By how much its clock is ahead, in seconds, as far as its `Date` tells: that counts whole seconds.
  var clockSkew: TimeInterval?

  private static let timeout = TimeAmount.seconds(10)

  /// Asks at an address, trusting whom the manifest trusts. Any answer is one, whatever its status.
  /// - Throws: why there was none.
  static func ask(
    _ address: String, trusting trust: EndpointDeclaration.Trust, userAgent: String, now: @Sendable () -> Date
  ) async throws(EndpointError) -> ServerGreeting {
    let seen = SeenCertificate()
    let client = try client(trust, seen, refusing: false)
    var request = HTTPClientRequest(url: address)
    request.headers = ["Accept": "*/*", "User-Agent": userAgent]
    let start = now()
    let answer: Result<HTTPHeaders, EndpointError>
    do {
      answer = .success(try await client.execute(request, timeout: timeout).headers)
    } catch {
      answer = .failure(EndpointError(transport: error))
    }
    let end = now()
    try? await client.shutdown()
    let headers = try answer.get()
    // Of an answer that took its time nobody knows when the clock was read; the middle is the best guess. The second that it
    // tells may be nearly over, and servers keep what they write there for another.
    let middle = start.addingTimeInterval(end.timeIntervalSince(start) / 2)
    let skew = headers.first(name: "date").flatMap(HTTPDate.parse).map { date in
      let rough = date.timeIntervalSince(middle)
      return abs(rough) <= 2 + end.timeIntervalSince(start) ? 0 : rough
    }
    return ServerGreeting(certificate: seen.value, latency: end.timeIntervalSince(start), clockSkew: skew)
  }

  /// Looks at the certificate of a server, trusted or not: nothing is sent after the handshake. nil when there is none.
  static func certificate(at address: String) async -> ServerCertificate? {
    guard address.lowercased().hasPrefix("https:") else { return nil }
    let seen = SeenCertificate()
    guard let client = try? client(.insecureSkipVerify, seen, refusing: true) else { return nil }
    _ = try? await client.execute(HTTPClientRequest(url: address), timeout: timeout)
    try? await client.shutdown()
    return seen.value
  }

  /// - Parameter refusing: whether every connection is given up once its certificate has been seen.
  private static func client(
    _ trust: EndpointDeclaration.Trust, _ seen: SeenCertificate, refusing: Bool
  ) throws(EndpointError) -> HTTPClient {
    var pool = HTTPClient.Configuration.ConnectionPool()
    pool.retryConnectionEstablishment = false
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: timeout), connectionPool: pool)
    configuration.httpVersion = .http1Only
    try ServerTrust.apply(trust, to: &configuration)
    let check = configuration.http1_1ConnectionDebugInitializer
    configuration.http1_1ConnectionDebugInitializer = { channel in
      seen.look(at: channel)
      guard refusing else { return check?(channel) ?? channel.eventLoop.makeSucceededVoidFuture() }
      // Closed only after the client has given the connection up: it takes a failure for the end of its life.
      channel.eventLoop.execute { channel.close(promise: nil) }
      return channel.eventLoop.makeFailedFuture(EndpointError(.cancelled, "the certificate has been seen"))
    }
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }
}

/// The certificate that the last connection showed.
private final class SeenCertificate: Sendable {
  private let seen = Mutex<ServerCertificate?>(nil)

  var value: ServerCertificate? { seen.withLock { $0 } }

  /// Must be called on the channel's event loop, after the handshake.
  func look(at channel: any Channel) {
    let pipeline = channel.pipeline.syncOperations
    guard let certificate = try? pipeline.nioSSL_peerCertificate() else { return }
    let version = try? pipeline.nioSSL_tlsVersion()
    seen.withLock { $0 = ServerCertificate(certificate, version: version) }
  }
}
