import ArgumentParser
import Controller
import Foundation
import Reconciliation
import Reports

/// How long a lease of an endpoint outlives whoever holds it.
struct LeaseDurationOption: ParsableArguments {
  @Option(
    name: .customLong("lease-duration"),
    help: "How long after its last sign of life this run is taken for dead by other machines. Default: 1m.")
  var duration: String?

  /// - Parameter name: who holds the leases, as others are told.
  func keeper(_ settings: Settings, _ storage: any StateStorage, holder name: String) throws -> LeaseKeeper {
    let duration = try settings.duration("lease-duration", duration)
    guard duration != .zero else { throw CommandFailure(.usage, "--lease-duration must be at least 1s") }
    return LeaseKeeper(
      storage: storage, holder: ProcessIdentity.holder(named: name), duration: duration ?? LeaseKeeper.usualDuration)
  }
}

/// How a run shares endpoints with others.
struct LeaseOptions: ParsableArguments {
  @Option(
    name: .customLong("lease-timeout"),
    help: "How long to wait for another run that works at the same endpoints: 30s, 5m. Default: not at all.")
  var timeout: String?

  @OptionGroup var lease: LeaseDurationOption

  func patience(_ settings: Settings) throws -> Duration { try settings.duration("lease-timeout", timeout) ?? .zero }
}

extension CommandFailure {
  /// Another run is at work.
  init(_ error: LeaseError) {
    switch error {
    case .held(let leases):
      let others = leases.map { "\($0.endpoint) by \($0.holder.name) since \($0.since.formatted(.iso8601))" }
      self.init(
        .stalePlan, "another run is at work: \(others.joined(separator: ", "))",
        hint: "wait for it with --lease-timeout 5m, or try again later")
    case .lost(let endpoint):
      self.init(
        .stalePlan, "another run has taken over \(endpoint): what was done since then is not in the ledger",
        hint: "run it again: what is there already is found by matching")
    }
  }
}
