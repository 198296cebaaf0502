/// Decides whether a failed request is sent again, and when. A value without clock or tasks.
///
/// Waits grow exponentially with full jitter, so that clients that failed together do not come back together. What the
/// endpoint asks for (`Retry-After`) is kept to; when it is more than we are willing to wait, the request fails at once.
package struct RetryPolicy: Hashable, Sendable {
  /// What sending a request a second time may do.
  package enum Effect: Hashable, Sendable {
    /// Changes nothing.
    case read
    /// Changes nothing but what the endpoint hands out next, such as the rest of a search: an answer that is lost cannot
    /// be had again.
    case consumingRead
    /// PUT, DELETE, and PATCH as we make it (adding and removing set elements, replacing values): twice is once.
    case repeatableWrite
    /// POST: a second one may make a second resource.
    case create

    var isWrite: Bool { self != .read && self != .consumingRead }
  }

  /// What happened to one request so far.
  package struct History: Hashable, Sendable {
    package var attempts = 0
    package var waited = Duration.zero
    /// Whether an attempt ended in a way that leaves open if the endpoint carried it out.
    package var isOutcomeUnknown = false

    package init() {}
  }

  package enum Decision: Hashable, Sendable {
    case giveUp
    case tryAgain(after: Duration)
    /// Wait, then look whether the earlier attempt was carried out after all, and only then try again.
    case lookThenTryAgain(after: Duration)
  }

  /// How often a request is sent at most, the first time included.
  package var attempts: Int
  /// The upper bound of the first wait; it doubles with each attempt.
  package var base: Duration
  /// The upper bound of every wait that the endpoint did not ask for.
  package var cap: Duration
  /// The most that one request waits in all.
  package var patience: Duration

  package init(
    attempts: Int = 6, base: Duration = .milliseconds(500), cap: Duration = .seconds(30),
    patience: Duration = .seconds(300)
  ) {
    self.attempts = attempts
    self.base = base
    self.cap = cap
    self.patience = patience
  }

  /// Takes an error into the history and says what to do about it.
  package func decide(
    on error: EndpointError, effect: Effect, history: inout History,
    using generator: inout some RandomNumberGenerator
  ) -> Decision {
    history.attempts += 1
    if error.leavesOutcomeUnknown { history.isOutcomeUnknown = true }
    guard error.isTransient, history.attempts < attempts else { return .giveUp }
    if effect == .consumingRead, history.isOutcomeUnknown { return .giveUp }
    let wait = error.retryAfter ?? backoff(attempt: history.attempts, using: &generator)
    guard history.waited + wait <= patience else { return .giveUp }
    history.waited += wait
    return effect == .create && history.isOutcomeUnknown ? .lookThenTryAgain(after: wait) : .tryAgain(after: wait)
  }

  /// A random wait between zero and the bound for this attempt, the first being 1.
  func backoff(attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
    let bound = min(cap, base * (1 << min(max(attempt - 1, 0), 20)))
    return bound * Double.random(in: 0...1, using: &generator)
  }
}

extension EndpointError {
  /// How long the endpoint asked us to wait.
  package var retryAfter: Duration? {
    switch kind {
    case .rateLimited(let wait), .unavailable(let wait): wait
    case .unreachable, .interrupted, .timedOut, .unauthorized, .forbidden, .notFound, .conflict, .stale, .tooLarge,
      .rejected, .malformed, .misconfigured, .cancelled:
      nil
    }
  }

  /// Whether a write that ended like this may have been carried out. Servers are known to commit and then answer 503, so
  /// no 5xx is taken for a refusal.
  package var leavesOutcomeUnknown: Bool {
    switch kind {
    case .interrupted, .timedOut, .unavailable: true
    case .unreachable, .rateLimited, .unauthorized, .forbidden, .notFound, .conflict, .stale, .tooLarge, .rejected,
      .malformed, .misconfigured, .cancelled:
      false
    }
  }
}
