/// Spreads requests evenly over a minute: a token bucket of depth one. A value without a clock.
///
/// An even stream keeps every window, not only the average, below the agreed rate. Time is counted from any fixed moment.
package struct Pacing: Hashable, Sendable {
  /// Between two requests; nil when there is no limit.
  package let interval: Duration?
  private var nextFree = Duration.zero

  /// - Parameter perMinute: requests a minute; nil is unlimited.
  package init(perMinute: Int?) {
    // Rounded up: the division may fall short, and one request too many would fit.
    interval = perMinute.map { .seconds(60) / max($0, 1) + .nanoseconds(1) }
  }

  /// Takes the next free moment for one request.
  /// - Returns: how long that request has to wait.
  package mutating func reserve(at now: Duration) -> Duration {
    guard let interval else { return .zero }
    let moment = max(now, nextFree)
    nextFree = moment + interval
    return moment - now
  }
}
