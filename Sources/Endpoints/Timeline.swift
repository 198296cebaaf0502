/// A clock reduced to what pacing needs: how much time has passed, and a sleep that reports cancellation as ours.
struct Timeline: Sendable {
  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration

  init(_ clock: any Clock<Duration>) {
    self.clock = clock
    elapsed = Self.stopwatch(clock)
  }

  /// The time since this timeline was made.
  var now: Duration { elapsed() }

  func sleep(_ duration: Duration) async throws(EndpointError) {
    guard duration > .zero else { return }
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw EndpointError(.cancelled, "cancelled while waiting for the endpoint")
    }
  }

  private static func stopwatch<C: Clock>(_ clock: C) -> @Sendable () -> Duration where C.Duration == Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}
