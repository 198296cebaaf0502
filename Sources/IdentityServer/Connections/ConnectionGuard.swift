import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A body did not arrive in time.
struct RequestTimedOut: Error {}

/// Cuts off clients that are slow on purpose or send headers without end. How long a header may take is Hummingbird's part
/// (`HTTP1Channel.Configuration.idleTimeout`); this keeps the time of bodies and of answers.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var deadlines: ConnectionDeadlines
  private var alarm: (time: NIODeadline, task: Scheduled<Void>)?

  init(_ limits: ConnectionLimits) { deadlines = ConnectionDeadlines(limits) }

  func handlerRemoved(context: ChannelHandlerContext) {
    alarm?.task.cancel()
    alarm = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: deadlines.headerRead(at: context.eventLoop.now)
    case .body: break
    case .end: deadlines.bodyRead()
    }
    setAlarm(context)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head:
      deadlines.answerBegun(at: context.eventLoop.now)
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      deadlines.answerWritten(at: context.eventLoop.now)
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { [self] _ in deadlines.answerRead(at: .now()) }
      context.write(data, promise: written)
    }
    setAlarm(context)
  }

  /// A header beyond the limits ends what can be understood of the connection. In the middle of pipelined requests the next in
  /// line is not known to be this one, so Hummingbird ends the connection in its order.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard case HTTPParserError.headerOverflow = error, deadlines.requestsInProgress == 0 else {
      context.fireErrorCaught(error)
      return
    }
    let head = HTTPResponse(
      status: .requestHeaderFieldsTooLarge, headerFields: [.connection: "close", .contentLength: "0"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.value.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      context.value.close(promise: nil)
    }
  }

  /// One alarm a connection at most, not one a request: it looks at what is due when it goes off, and is set again for the rest.
  private func setAlarm(_ context: ChannelHandlerContext) {
    guard let next = deadlines.next, alarm.map({ next < $0.time }) ?? true else { return }
    alarm?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [self] in
      alarm = nil
      switch deadlines.expired(at: .now()) {
      case .answer: context.close(promise: nil)
      case .body: context.fireErrorCaught(RequestTimedOut())
      case nil: break
      }
      setAlarm(context)
    }
    alarm = (next, task)
  }
}
