import Reconciliation

/// Lets the requests of one endpoint pass at the agreed pace, and none while the endpoint has asked for a pause.
actor RequestGate {
  private let timeline: Timeline
  private var reads: Pacing
  private var writes: Pacing
  private var pausedUntil = Duration.zero

  init(_ limits: EndpointDeclaration.Limits, timeline: Timeline) {
    reads = Pacing(perMinute: limits.readsPerMinute)
    writes = Pacing(perMinute: limits.writesPerMinute)
    self.timeline = timeline
  }

  /// Returns when a request of this effect may be sent.
  /// - Throws: `rateLimited` when the pause is longer than the caller's patience; `cancelled`.
  func enter(_ effect: RetryPolicy.Effect, patience: Duration) async throws(EndpointError) {
    while true {
      try await waitForPause(patience: patience)
      let wait = effect.isWrite ? writes.reserve(at: timeline.now) : reads.reserve(at: timeline.now)
      try await timeline.sleep(wait)
      // A pause may have begun meanwhile; the moment that was reserved is then lost.
      if pausedUntil <= timeline.now { return }
    }
  }

  /// Holds back all requests for this long from now.
  func pause(for duration: Duration) { pausedUntil = max(pausedUntil, timeline.now + duration) }

  private func waitForPause(patience: Duration) async throws(EndpointError) {
    while case let rest = pausedUntil - timeline.now, rest > .zero {
      guard rest <= patience else {
        throw EndpointError(
          .rateLimited(retryAfter: rest), "the endpoint asked for a pause of another \(rest.components.seconds) s")
      }
      try await timeline.sleep(rest)
    }
  }
}
