import Endpoints
import Foundation

/// When an origin is looked at next: after an interval give or take a tenth, later after failures, at once when woken.
struct PollSchedule {
  /// In seconds.
  let interval: TimeInterval
  private var dueAt = Date.distantPast
  private var failures = 0

  init(interval: TimeInterval) { self.interval = interval }

  func isDue(at now: Date) -> Bool { dueAt <= now }

  /// - Parameter random: between 0 and 1.
  mutating func succeed(at now: Date, random: Double) {
    failures = 0
    dueAt = now + interval * (0.9 + random / 5)
  }

  /// Waits from the interval up to sixteen times as long, at most an hour; an interval of more stays as it is.
  /// - Parameter random: between 0 and 1.
  mutating func fail(at now: Date, random: Double) {
    failures += 1
    let backoff = Backoff(first: interval, longest: max(interval, min(interval * 16, 3600)))
    dueAt = now + backoff.delay(afterFailures: failures) * (0.9 + random / 5)
  }
}
