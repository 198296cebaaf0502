import Hummingbird
import Logging
import NIOCore

/// What is known of a request beside the request itself.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The IP address of the peer; empty when the connection is gone already.
  let remoteAddress: String
  /// The port that the request came in by.
  let localPort: Int

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    localPort = source.channel.localAddress?.port ?? 0
  }
}
