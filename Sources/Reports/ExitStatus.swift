/// What a command tells its caller by its exit code.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done, or nothing to do.
  case success = 0
  case unexpected = 1
  /// `drift`, `plan --detailed-exitcode`.
  case differences = 2
  /// The manifests are faulty or break a policy.
  case invalidManifests = 3
  /// A guardrail stopped the run.
  case refused = 4
  /// The saved plan is stale or was tampered with.
  case stalePlan = 5
  /// Some changes were applied, others failed or were skipped.
  case partial = 6
  /// An endpoint could not be reached, refused our credentials, or its read could not be proved complete.
  case unreachable = 7
  case usage = 64
  case interrupted = 130
  case terminated = 143
}
