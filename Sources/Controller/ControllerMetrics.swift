import CoreMetrics
import Foundation
import Prometheus
import Reconciliation

/// What the controller counts while it runs, and what it knows of its endpoints. Labels are names that the manifests give, never
/// those of people.
struct ControllerMetrics: Sendable {
  private let registry = PrometheusRegistry()

  init() { for (name, help) in Self.help { registry.describe(name, help) } }

  /// Counts what came of a pass.
  func note(_ end: PassEnd, at endpoint: String) {
    Counter(
      label: "rollcall_passes_total", dimensions: [("endpoint", endpoint), ("result", end.word)], factory: registry
    ).increment()
    guard case .applied(let summary) = end.result else { return }
    Timer(label: "rollcall_apply_duration_seconds", dimensions: [("endpoint", endpoint)], factory: registry)
      .recordNanoseconds(Int64(summary.duration * 1e9))
    for result in summary.results {
      Counter(
        label: "rollcall_changes_total",
        dimensions: [
          ("endpoint", endpoint), ("action", result.change.action.rawValue), ("outcome", result.outcome.name),
        ], factory: registry
      ).increment()
    }
  }

  /// Everything, as it is now.
  func text(_ content: ControllerOverview.Content) -> String {
    for name in Self.measured { registry.clear(name) }
    for status in content.statuses.values { measure(status) }
    if let source = content.source { measure(source) }
    set("rollcall_state_reachable", content.isStateReachable ? 1 : 0)
    ProcessStatistics.current.record(in: registry)
    return registry.text
  }

  private func measure(_ source: SourceStatus) {
    set("rollcall_source_failing", source.problem == nil ? 0 : 1)
    guard let revision = source.revision else { return }
    set("rollcall_source_info", 1, ("revision", revision.shortCommit))
  }

  private func measure(_ status: EndpointStatus) {
    let endpoint = ("endpoint", status.endpoint)
    for condition in status.conditions {
      set("rollcall_endpoint_condition", condition.isTrue ? 1 : 0, endpoint, ("condition", condition.kind.rawValue))
    }
    if let moment = status.lastConvergence {
      set("rollcall_endpoint_last_convergence_timestamp_seconds", Int(moment.timeIntervalSince1970), endpoint)
    }
    if let moment = status.lastPass {
      set("rollcall_endpoint_last_pass_timestamp_seconds", Int(moment.timeIntervalSince1970), endpoint)
    }
    for kind in DriftReport.Finding.Class.allCases {
      set("rollcall_endpoint_drift", status.drift[kind] ?? 0, endpoint, ("class", kind.rawValue))
    }
    for finding in status.expiries {
      set(
        "rollcall_credential_expiry_timestamp_seconds", Int(finding.expiresAt.timeIntervalSince1970),
        ("owner", "\(finding.owner)"), ("credential", finding.subject.rawValue))
    }
    set("rollcall_endpoint_withheld", status.withheld.count, endpoint)
    set("rollcall_endpoint_failures", status.failures, endpoint)
    for (action, count) in [
      ("create", status.pending.create), ("update", status.pending.update), ("disable", status.pending.disable),
      ("delete", status.pending.delete),
    ] {
      set("rollcall_endpoint_pending_changes", count, endpoint, ("action", action))
    }
  }

  private func set(_ name: String, _ value: Int, _ labels: (String, String)...) {
    Meter(label: name, dimensions: labels, factory: registry).set(value)
  }

  /// What is set anew at each reading, so that an endpoint that is no more is not told of.
  private static let measured = [
    "rollcall_endpoint_condition", "rollcall_endpoint_last_convergence_timestamp_seconds",
    "rollcall_endpoint_last_pass_timestamp_seconds", "rollcall_endpoint_drift", "rollcall_endpoint_withheld",
    "rollcall_endpoint_failures", "rollcall_endpoint_pending_changes", "rollcall_source_info",
    "rollcall_credential_expiry_timestamp_seconds",
  ]

  private static let help = [
    "rollcall_apply_duration_seconds": "How long it took to carry out the changes of a pass.",
    "rollcall_changes_total": "Changes that were tried, by action and outcome.",
    "rollcall_credential_expiry_timestamp_seconds":
      "When a certificate or a token that an endpoint or an identity provider needs ends, in seconds since 1970.",
    "rollcall_endpoint_condition": "Whether a condition of an endpoint is true.",
    "rollcall_endpoint_drift": "What differed at the last pass without the manifests having asked for it, by class.",
    "rollcall_endpoint_failures": "How many passes in a row did not come to their end.",
    "rollcall_endpoint_last_convergence_timestamp_seconds":
      "When the endpoint was last seen to be as the manifests ask, in seconds since 1970.",
    "rollcall_endpoint_last_pass_timestamp_seconds": "When the last pass ended, in seconds since 1970.",
    "rollcall_endpoint_pending_changes": "What the manifests ask for and is not in force, by action.",
    "rollcall_endpoint_withheld": "Changes that are not made although the manifests ask for them.",
    "rollcall_passes_total": "Passes that ended, by result.",
    "rollcall_source_failing": "Whether the newest manifests are not in force; the last good ones are.",
    "rollcall_source_info": "Always 1; the commit in force as a label.",
    "rollcall_state_reachable": "Whether the state store can be read.",
  ]
}
