import Reconciliation
import Synchronization

/// Brings one endpoint's requests through: few at once, paced, repeated where that is safe.
final class RequestScheduler: Sendable {
  private let policy: RetryPolicy
  private let window: RequestWindow
  private let gate: RequestGate
  private let timeline: Timeline
  private let generator: Mutex<any RandomNumberGenerator & Sendable>

  init(
    policy: RetryPolicy, limits: EndpointDeclaration.Limits, clock: any Clock<Duration>,
    generator: any RandomNumberGenerator & Sendable
  ) {
    self.policy = policy
    timeline = Timeline(clock)
    // More connections than this bring latency, not throughput.
    window = RequestWindow(size: min(limits.concurrency, 16))
    gate = RequestGate(limits, timeline: timeline)
    self.generator = Mutex(generator)
  }

  /// Runs an attempt until it succeeds or the policy gives up.
  /// - Parameter look: finds what an earlier attempt of unknown outcome may have made; asked before a create is
  ///   repeated, and once more before giving up on one.
  func run<Value: Sendable>(
    _ effect: RetryPolicy.Effect, attempt: () async throws(EndpointError) -> Value,
    look: () async throws(EndpointError) -> Value? = { () throws(EndpointError) -> Value? in nil }
  ) async throws(EndpointError) -> Value {
    var history = RetryPolicy.History()
    while true {
      let failure: EndpointError
      do throws(EndpointError) {
        return try await admit(effect, attempt)
      } catch {
        failure = error
      }
      let decision = decide(on: failure, effect: effect, history: &history)
      await pauseIfAsked(by: failure, decision)
      switch decision {
      case .tryAgain(let wait): try await timeline.sleep(wait)
      case .lookThenTryAgain(let wait):
        // Who may not wait for the look does not know what became of the attempt.
        do { try await timeline.sleep(wait) } catch { throw failure }
        if let found = try await outcome(of: failure, look) { return found }
      case .giveUp:
        if history.isOutcomeUnknown, let found = try await outcome(of: failure, look) { return found }
        throw failure
      }
    }
  }

  private func admit<Value: Sendable>(
    _ effect: RetryPolicy.Effect, _ attempt: () async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    try await window.withPlace { () throws(EndpointError) -> Value in
      try await gate.enter(effect, patience: policy.patience)
      guard SendingPermit.current.isGranted() else { throw EndpointError(.cancelled, "the run was told to stop") }
      return try await attempt()
    }
  }

  private func decide(
    on error: EndpointError, effect: RetryPolicy.Effect, history: inout RetryPolicy.History
  ) -> RetryPolicy.Decision {
    generator.withLock { policy.decide(on: error, effect: effect, history: &history, using: &$0) }
  }

  /// A throttled endpoint is left alone by all requests, not only by the one that was told.
  private func pauseIfAsked(by error: EndpointError, _ decision: RetryPolicy.Decision) async {
    switch (error.kind, error.retryAfter, decision) {
    case (_, let asked?, _): await gate.pause(for: asked)
    case (.rateLimited, nil, .tryAgain(let wait)), (.rateLimited, nil, .lookThenTryAgain(let wait)):
      await gate.pause(for: wait)
    default: break
    }
  }

  /// What became of an attempt that failed without saying. When that cannot be found out, the failure stands, unless what
  /// was found speaks against trying again.
  private func outcome<Value: Sendable>(
    of failure: EndpointError, _ look: () async throws(EndpointError) -> Value?
  ) async throws(EndpointError) -> Value? {
    do throws(EndpointError) {
      return try await look()
    } catch {
      throw error.kind == .conflict ? error : failure
    }
  }
}
