import Endpoints
import Reconciliation

/// What became of one pass at one endpoint.
enum PassResult: Sendable {
  case inSync
  case applied(RunSummary)
  /// - Parameter plan: the hash of the plan, to be approved by.
  case refused([Objection], plan: String)
  case unreachable(EndpointError)
  /// Another controller, or a command, is at it.
  case leased(holder: String)
  /// Told to stop before anything was changed.
  case interrupted
  /// The ledger could not be read or written.
  case broken(String)

  /// Whether trying again soon may help; what a guardrail refused waits for other manifests or an approval, and wrong
  /// credentials sent again and again get an account locked.
  var isTransient: Bool {
    switch self {
    case .inSync, .refused, .leased, .interrupted: false
    case .applied(let summary): !summary.isComplete
    case .unreachable(let error): !error.isLasting
    case .broken: true
    }
  }
}

/// How one pass at one endpoint ended, and what it saw there.
struct PassEnd: Sendable {
  var result: PassResult
  /// What the pass would have done, before policies and guardrails had their say; nil when the endpoint was not read.
  var plan: Plan?
  /// What the policies left of that, and the guardrails then judged; nil when it did not come to that.
  var intended: Plan?
  /// The drift that the pass was to correct.
  var corrected: [ResourceKey] = []
  /// The drift that the policies leave as it is and want told, without what somebody has acknowledged.
  var reported: [ResourceKey] = []
  /// The drift that was found, what is acknowledged apart; nil where nothing could be remembered.
  var drift: DriftCounts?
  /// What the endpoint needs that ends at a known moment, whenever that is; nil when nobody looked.
  var expiries: [ExpiryFinding]?

  /// Whether the endpoint was there to be looked at. Of one that does not answer, what is known stays known.
  var tellsOfCredentials: Bool {
    switch result {
    case .inSync, .applied, .refused: true
    case .unreachable(let error): error.isLasting
    case .leased, .interrupted, .broken: false
    }
  }

  /// Whether the endpoint is as the manifests ask now, as far as the policies let them.
  var isConverged: Bool {
    switch result {
    case .inSync: true
    case .applied(let summary): summary.isComplete
    case .refused, .unreachable, .leased, .interrupted, .broken: false
    }
  }

  /// What is asked for and not in force after the pass.
  var pending: PlanSummary {
    var pending = PlanSummary(withheld: plan?.summary.withheld ?? 0)
    switch result {
    case .inSync, .leased, .unreachable, .interrupted, .broken: break
    case .refused: return plan?.summary ?? pending
    case .applied(let summary):
      for result in summary.results where !result.outcome.isApplied { pending.count(result.change.action) }
    }
    return pending
  }
}

extension EndpointError {
  /// Whether only a change of the manifests, the credentials or the endpoint can help.
  var isLasting: Bool {
    switch kind {
    case .unauthorized, .forbidden, .misconfigured: true
    case .unreachable, .timedOut, .interrupted, .unavailable, .malformed, .notFound, .conflict, .stale, .tooLarge,
      .rateLimited, .rejected, .cancelled:
      false
    }
  }
}

extension RunSummary {
  /// Whether every change is in force now.
  var isComplete: Bool { results.allSatisfy(\.outcome.isApplied) }
}

extension Outcome {
  /// Whether the change is in force now.
  package var isApplied: Bool { if case .applied = self { true } else { false } }
}
