import Hummingbird
import Logging
import NIOCore

/// What is known of a request beside the request itself.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// What the request is called in the log and in its answer.
  private(set) var requestID: String
  /// The IP address of the peer; empty when the connection is gone already.
  let remoteAddress: String
  /// The port that the request came in by.
  let localPort: Int
  /// Whether the request was HEAD, and is treated as GET.
  var wantsHeadOnly = false

  private static let libraryKey = "hb.request.id"

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    localPort = source.channel.localAddress?.port ?? 0
    requestID = source.logger[metadataKey: Self.libraryKey]?.description ?? ""
  }

  /// Takes the client's name for the request.
  mutating func identify(_ chosen: String?) { requestID = chosen ?? requestID }

  /// Signs what is logged of the request with its name.
  var signedLogger: Logger {
    var signed = logger
    signed[metadataKey: Self.libraryKey] = nil
    signed[metadataKey: Self.requestKey] = .string(requestID)
    return signed
  }

  /// What the log calls the name of a request.
  static let requestKey = "request"

  /// Whether the peer is this machine.
  var isFromLoopback: Bool {
    ["127.", "::ffff:127."].contains { remoteAddress.hasPrefix($0) } || remoteAddress == "::1"
  }
}
