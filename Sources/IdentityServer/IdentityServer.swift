import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import LocalDirectory
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// HTTP in front of the directory: SCIM 2.0 (RFC 7644) below the base path, and `/health`.
///
/// Runs until its service group shuts down; requests in flight are then answered, and connections closed after that.
package struct IdentityServer: Service {
  private let configuration: ServerConfiguration
  private let responder: ServiceResponder
  private let server: HTTPServerBuilder
  private let logger: Logger
  private let onReady: @Sendable (Int) async -> Void

  /// - Parameter onReady: called once with the bound port, when requests are accepted.
  /// - Throws: ``ServerError`` when the configuration would be unsafe or its certificate cannot be used.
  package init(
    directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator, logger: Logger,
    onReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws(ServerError) {
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
    responder = ServiceResponder(directory: directory, configuration: configuration, authenticator: authenticator)
    server = try Self.server(for: configuration)
  }

  /// - Throws: ``ServerError`` when the address cannot be bound.
  package func run() async throws {
    let application = Application(
      responder: responder, server: server,
      configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
      onServerRunning: { [onReady] channel in await onReady(channel.localAddress?.port ?? 0) }, logger: logger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw ServerError(.cannotListen, "cannot listen on \(configuration.host) port \(configuration.port): \(error)")
    }
  }

  private static func server(for configuration: ServerConfiguration) throws(ServerError) -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: TimeAmount(configuration.idleTimeout)))
    guard let identity = configuration.tls else {
      guard configuration.isLoopback else {
        throw ServerError(.plaintextBeyondLoopback, "\(configuration.host) is not the loopback: serving it needs TLS")
      }
      return plain
    }
    do {
      return try .tls(plain, tlsConfiguration: tlsConfiguration(of: identity))
    } catch {
      throw ServerError(.unusableCertificate, "the TLS certificate or its key cannot be used: \(error)")
    }
  }

  private static func tlsConfiguration(of identity: TLSIdentity) throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificateChain.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(identity.privateKey.utf8), format: .pem)
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    tls.minimumTLSVersion = .tlsv12
    tls.applicationProtocols = ["http/1.1"]
    // A client that keeps its connection open seldom answers the goodbye; a stop must not wait for it.
    tls.shutdownTimeout = .milliseconds(500)
    return tls
  }
}
