import NIOCore
import NIOHTTP1

/// What HTTP/1 demands of a request before it means anything (RFC 9112), where the layers above no longer see it.
final class RequestRules: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  /// After a request that is none, where the next begins is anybody's guess.
  private var isBroken = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isBroken else { return }
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    guard Self.namesHost(head) else {
      isBroken = true
      return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
    }
    // In the one spelling that is looked for above.
    if Self.isLast(head) { head.headers.replaceOrAdd(name: "Connection", value: "close") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  /// Whether it says once which host it is for; HTTP/1.0 need not say it (section 3.2).
  private static func namesHost(_ head: HTTPRequestHead) -> Bool {
    let count = head.headers["Host"].count
    return count == 1 || (count == 0 && head.version == .http1_0)
  }

  /// Whether the connection ends with the answer: the client wants it so, or speaks HTTP/1.0, which knows no other end
  /// unless both agree on one, and we never do (section 9.3).
  private static func isLast(_ head: HTTPRequestHead) -> Bool {
    head.version == .http1_0
      || head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "close" }
  }
}
