import Foundation
import Synchronization

/// Standard output, and whether it took what was written: a report that a full disk has cut off must not pass for a whole one.
final class StandardOutput: Sendable {
  private let failure = Mutex<Int32?>(nil)

  /// Writes all of it; after a failure, nothing more.
  func write(_ bytes: [UInt8]) {
    failure.withLock { failure in
      guard failure == nil else { return }
      failure = bytes.withUnsafeBytes(Self.write)
    }
  }

  /// Why not all was taken; nil when it was. A reader that went away (`rollcall plan | head`) is no reason to complain.
  var problem: String? {
    guard let code = failure.withLock(\.self), code != EPIPE else { return nil }
    return "standard output cannot be written: \(String(cString: strerror(code)))"
  }

  /// - Returns: the error that stopped it; nil when all was written.
  private static func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Whoever shares the terminal or the pipe has made it not wait.
        var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = poll(&descriptor, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
