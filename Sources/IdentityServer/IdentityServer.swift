import Foundation
import Hummingbird
import HummingbirdCore
import LocalDirectory
import Logging
import NIOCore
import ServiceLifecycle

/// HTTP in front of the directory: SCIM 2.0 (RFC 7644) below the base path, OAuth 2 and OpenID Connect below `/oauth2`,
/// pages to sign in and out, here and at other providers, the console below `/console`, `/health` and `/metrics`.
///
/// Runs until its service group shuts down; requests in flight are then answered, and connections closed after that.
package struct IdentityServer: Service, CustomStringConvertible {
  private let configuration: ServerConfiguration
  private let responder: ServiceResponder
  private let certificate: ServerCertificate?
  private let metrics: ServerMetrics
  private let logger: Logger
  private let onReady: @Sendable (Int) async -> Void

  /// - Parameters:
  ///   - controllers: the state of the controllers that the console shows; nil where none is known.
  ///   - onReady: called once with the bound port, when requests are accepted.
  /// - Throws: ``ServerError`` when the configuration would be unsafe or its certificate cannot be used.
  package init(
    directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator,
    tokens: AccessTokens, provider: OpenIDProvider, federation: Federation, metrics: ServerMetrics = ServerMetrics(),
    provisioning: OutboundProvisioning? = nil,
    controllers: @escaping @Sendable () throws -> (any ControllerStorage)? = { nil }, logger: Logger,
    onReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws(ServerError) {
    guard configuration.tls != nil || configuration.isLoopback else {
      throw ServerError(.plaintextBeyondLoopback, "\(configuration.host) is not the loopback: serving it needs TLS")
    }
    self.configuration = configuration
    self.metrics = metrics
    self.logger = logger
    self.onReady = onReady
    let certificate = try configuration.tls.map { identity throws(ServerError) in
      try ServerCertificate(identity, now: configuration.now())
    }
    self.certificate = certificate
    responder = ServiceResponder(
      directory: directory, configuration: configuration, authenticator: authenticator, tokens: tokens,
      provider: provider, federation: federation, metrics: metrics, logger: logger, provisioning: provisioning,
      controllers: controllers, certificate: certificate)
  }

  /// Service groups keep the description of each service, which without this would hold all schemas many times.
  package var description: String { "IdentityServer" }

  /// - Throws: ``ServerError`` when the address cannot be bound.
  package func run() async throws {
    var application = Application(
      responder: HeadResponder(base: responder), server: server,
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: ConnectionCount(
          maximum: configuration.limits.maxConnections, gauge: metrics.connections, logger: logger)),
      onServerRunning: { [onReady] channel in await onReady(channel.localAddress?.port ?? 0) }, logger: logger)
    if let certificate, let renewal = configuration.renewal {
      application.addServices(
        CertificateReloader(renewal: renewal, certificate: certificate, now: configuration.now, logger: logger))
    }
    do {
      try await application.run()
    } catch let error as IOError {
      throw ServerError(
        .cannotListen,
        "cannot listen on \(configuration.host) port \(configuration.port): \(String(cString: strerror(error.errnoCode)))"
      )
    }
  }

  private var server: HTTPServerBuilder {
    let limits = configuration.limits
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(limits)], idleTimeout: TimeAmount(limits.idleTimeout),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: limits.maxHeaderSize, maxHeaderListSize: limits.maxHeaderSize,
        maxHeaderFieldCount: limits.maxHeaderFields))
    return HTTPServerBuilder { [certificate] responder in
      let plain = EventLoopChannel(base: HTTP1Channel(responder: responder, configuration: channel))
      return certificate.map { TLSServerChannel(base: plain, certificate: $0) } ?? plain
    }
  }
}
