@preconcurrency import Dispatch
import Foundation

/// SIGHUP as a stream: by custom it tells a server to read its files again. Elsewhere it ends a program, as the terminal that
/// started it has gone.
enum Hangups {
  static func stream() -> AsyncStream<Void> {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP)
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { hangups in
      source.setEventHandler { hangups.yield() }
      hangups.onTermination = { _ in source.cancel() }
      source.resume()
    }
  }
}
