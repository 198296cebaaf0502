import Hummingbird
import NIOCore

/// What is known of a request beside the request itself.
struct SiteContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The port that the request came in by, which is the site's.
  let port: Int

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    port = source.channel.localAddress?.port ?? 0
  }
}
