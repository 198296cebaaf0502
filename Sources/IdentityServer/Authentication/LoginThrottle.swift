/// Slows down the guessing of passwords: after a few failures, each further one doubles the wait.
///
/// An attempt counts as failed from its start until it is known to have succeeded, so guessing in parallel gains nothing.
package struct LoginThrottle<Key: Hashable & Sendable>: Sendable {
  package typealias Instant = ContinuousClock.Instant

  /// Why an attempt comes too early.
  package struct Wait: Hashable, Sendable {
    /// What is left of it.
    package var duration: Duration
    /// Whether nobody was told of this wait before.
    package var isNews: Bool
  }

  private struct Failures {
    var count = 0
    var last: Instant
    var isAnnounced = false
  }

  private let policy: ThrottlePolicy
  private var failures: [Key: Failures] = [:]

  package init(_ policy: ThrottlePolicy = ThrottlePolicy()) { self.policy = policy }

  /// nil when an attempt may be made.
  package mutating func wait(for key: Key, at now: Instant) -> Wait? {
    guard let entry = failures[key], now - entry.last <= policy.memory else { return nil }
    let opening = entry.last + policy.wait(after: entry.count)
    guard now < opening else { return nil }
    failures[key]?.isAnnounced = true
    return Wait(duration: opening - now, isNews: !entry.isAnnounced)
  }

  /// Counts an attempt that is made now.
  package mutating func count(_ key: Key, at now: Instant) {
    let known = failures[key].flatMap { now - $0.last <= policy.memory ? $0.count : nil } ?? 0
    makeRoom(for: key, at: now)
    failures[key] = Failures(count: known + 1, last: now)
  }

  /// Forgets the failures: the attempt has succeeded, and whoever made it is who they say.
  package mutating func succeed(_ key: Key) { failures[key] = nil }

  /// Takes back one attempt, which has succeeded; others may have made the rest.
  mutating func takeBack(_ key: Key) {
    guard let count = failures[key]?.count else { return }
    if count <= 1 { failures[key] = nil } else { failures[key]?.count = count - 1 }
  }

  private mutating func makeRoom(for key: Key, at now: Instant) {
    guard failures[key] == nil, failures.count >= policy.capacity else { return }
    failures = failures.filter { now - $0.value.last <= policy.memory }
    guard failures.count >= policy.capacity else { return }
    if let oldest = failures.min(by: { $0.value.last < $1.value.last }) { failures[oldest.key] = nil }
  }
}

/// How patient a ``LoginThrottle`` is.
package struct ThrottlePolicy: Hashable, Sendable {
  /// Attempts that may fail before anyone has to wait.
  package var freeAttempts: Int
  package var firstWait = Duration.seconds(1)
  package var longestWait: Duration
  /// How long failures are remembered after the last of them.
  package var memory = Duration.seconds(900)
  /// The most keys to remember; beyond it the one that was quiet longest is forgotten.
  package var capacity = 10_000

  package init(freeAttempts: Int = 5, longestWait: Duration = .seconds(300)) {
    self.freeAttempts = freeAttempts
    self.longestWait = longestWait
  }

  func wait(after count: Int) -> Duration {
    guard count >= freeAttempts else { return .zero }
    // The exponent is bounded only so that the shift is; the longest wait is reached long before.
    return min(firstWait * (1 << min(count - freeAttempts, 20)), longestWait)
  }
}
