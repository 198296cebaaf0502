/// A clock reduced to what pacing needs: how much time has passed, and a sleep that ends with the permission to send.
struct Timeline: Sendable {
  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration

  init(_ clock: any Clock<Duration>) {
    self.clock = clock
    elapsed = Self.stopwatch(clock)
  }

  /// The time since this timeline was made.
  var now: Duration { elapsed() }

  /// - Throws: `cancelled` as soon as nothing may be sent any more: what a wait is for is not to be then.
  func sleep(_ duration: Duration) async throws(EndpointError) {
    guard duration > .zero else { return }
    let isOver = await withTaskGroup(of: Bool.self) { group in
      group.addTask { [clock] in
        do { try await clock.sleep(for: duration) } catch { return false }
        return true
      }
      group.addTask {
        await SendingPermit.current.withdrawal()
        return false
      }
      let first = await group.next()
      group.cancelAll()
      return first ?? false
    }
    if !isOver { throw EndpointError(.cancelled, "told to stop while waiting for the endpoint") }
  }

  private static func stopwatch<C: Clock>(_ clock: C) -> @Sendable () -> Duration where C.Duration == Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}
