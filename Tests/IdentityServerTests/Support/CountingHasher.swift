import LocalDirectory
import Synchronization

/// Keeps passwords as they are, counts how often one is verified, and may hold up the hashing of new ones.
final class CountingHasher: PasswordHasher {
  private let count = Mutex(0)
  private let beforeHashing: @Sendable () async -> Void

  init(beforeHashing: @escaping @Sendable () async -> Void = {}) { self.beforeHashing = beforeHashing }

  var verifications: Int { count.withLock { $0 } }

  func hash(_ password: String) async throws -> String {
    await beforeHashing()
    return "hash of \(password)"
  }

  func verify(_ password: String, against hash: String) async -> Bool {
    count.withLock { $0 += 1 }
    return hash == "hash of \(password)"
  }
}

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
  private let start = ContinuousClock.now
  private let instant = Mutex(ContinuousClock.now)

  /// How far it has been moved.
  var elapsed: Duration { now - start }

  var now: ContinuousClock.Instant { instant.withLock { $0 } }

  func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}
