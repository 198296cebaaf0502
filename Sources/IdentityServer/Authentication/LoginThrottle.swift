/// Slows down the guessing of passwords: after a few failures, each further one doubles the wait.
///
/// An attempt counts as failed from its start until it is known to have succeeded, so guessing in parallel gains nothing.
package struct LoginThrottle: Sendable {
  package typealias Instant = ContinuousClock.Instant

  package struct Policy: Hashable, Sendable {
    /// Attempts that may fail before anyone has to wait.
    package var freeAttempts = 5
    package var firstWait = Duration.seconds(1)
    package var longestWait = Duration.seconds(300)
    /// How long failures are remembered after the last of them.
    package var memory = Duration.seconds(900)
    /// The most keys to remember; beyond it the one that was quiet longest is forgotten.
    package var capacity = 10_000

    package init() {}
  }

  /// Who is guessed, and from where: a guesser elsewhere cannot lock the owner out.
  package struct Key: Hashable, Sendable {
    package let userName: String
    package let address: String

    package init(userName: String, address: String) {
      self.userName = userName.lowercased()
      self.address = address
    }
  }

  private struct Failures {
    var count = 0
    var last: Instant
  }

  private let policy: Policy
  private var failures: [Key: Failures] = [:]

  package init(_ policy: Policy = Policy()) { self.policy = policy }

  /// Counts an attempt, unless it comes too early: then the time that is left to wait.
  package mutating func attempt(_ key: Key, at now: Instant) -> Duration? {
    var entry = failures[key] ?? Failures(last: now)
    if now - entry.last > policy.memory { entry.count = 0 }
    let opening = entry.last + wait(after: entry.count)
    if now < opening { return opening - now }
    makeRoom(for: key, at: now)
    failures[key] = Failures(count: entry.count + 1, last: now)
    return nil
  }

  package mutating func succeed(_ key: Key) { failures[key] = nil }

  private func wait(after count: Int) -> Duration {
    guard count >= policy.freeAttempts else { return .zero }
    // The exponent is bounded only so that the shift is; the longest wait is reached long before.
    let doubled = policy.firstWait * (1 << min(count - policy.freeAttempts, 20))
    return min(doubled, policy.longestWait)
  }

  private mutating func makeRoom(for key: Key, at now: Instant) {
    guard failures[key] == nil, failures.count >= policy.capacity else { return }
    failures = failures.filter { now - $0.value.last <= policy.memory }
    guard failures.count >= policy.capacity else { return }
    if let oldest = failures.min(by: { $0.value.last < $1.value.last }) { failures[oldest.key] = nil }
  }
}
