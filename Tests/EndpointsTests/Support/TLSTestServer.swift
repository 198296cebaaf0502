import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTPS server on the loopback that answers 404 to everything, and knows how often it was asked.
final class TLSTestServer: Sendable {
  private let requests = Mutex(0)

  var requestCount: Int { requests.withLock { $0 } }

  /// Runs a server with the test certificate on a free port while the body is at work.
  static func run(_ body: (_ url: String, _ server: TLSTestServer) async throws -> Void) async throws {
    let server = TLSTestServer()
    let certificates = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificate.certificate.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)
    let context = try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key)))
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(NothingHere { server.requests.withLock { $0 += 1 } })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      try await body("https://127.0.0.1:\(channel.localAddress?.port ?? 0)", server)
    } catch {
      try await channel.close()
      throw error
    }
    try await channel.close()
  }

  private final class NothingHere: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let count: () -> Void

    init(_ count: @escaping () -> Void) { self.count = count }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      count()
      let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: ["Content-Length": "0"])
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
