import Controller
@preconcurrency import Dispatch
import Foundation
import Reports
import Synchronization

/// Turns Ctrl-C and SIGTERM into a clean stop; the second one ends the process at once.
final class Signals: Sendable {
  let stop = StopSignal()
  private let received = Mutex<Int32?>(nil)
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number)
    }
    // A reader that closes the pipe must not kill a run in the middle of a write.
    signal(SIGPIPE, SIG_IGN)
    for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
    }
  }

  private func receive(_ number: Int32) {
    // First: whoever sees that it is to stop asks for the reason.
    received.withLock { $0 = number }
    stop.raise()
    signal(number, SIG_DFL)
  }

  /// Waits until a signal came.
  func wait() async {
    while !stop.isRaised {
      do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
    }
  }

  /// - Throws: ``CommandFailure`` when a signal came, or a deadline passed, with what did not happen because of it.
  func check(_ consequence: String) throws {
    if let status { throw CommandFailure(status, "interrupted: \(consequence)") }
    if let reason = stop.reason { throw CommandFailure(.partial, "\(reason): \(consequence)") }
  }

  /// The exit code that an interruption asks for; nil when there was none.
  var status: ExitStatus? {
    received.withLock { number in number.map { $0 == SIGTERM ? .terminated : .interrupted } }
  }
}
