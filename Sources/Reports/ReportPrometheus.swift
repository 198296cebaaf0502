import Reconciliation

/// A report as a file for Prometheus' text file collector: what alert rules ask for, and no names of people.
struct ReportPrometheus {
  let report: Report

  private typealias Sample = (labels: [(name: String, value: String)], value: Int)

  var text: String {
    metric(
      "rollcall_exit_status", "The exit status of the run.",
      [([("verb", report.verb.rawValue)], Int(report.exit.rawValue))])
      + metric("rollcall_manifest_diagnostics", "Faults of manifests by severity.", diagnostics)
      + metric("rollcall_endpoint_read", "Whether an endpoint was read completely.", reads)
      + metric("rollcall_planned_changes", "Changes that the manifests ask for.", changes)
      + metric("rollcall_withheld_changes", "Changes that are not made although the manifests ask for them.", withheld)
      + metric("rollcall_drift_findings", "What differs without the manifests having asked for it, and counts.", drift)
      + metric("rollcall_drift_new_findings", "Findings that no earlier run has seen.", new)
      + metric("rollcall_drift_known_findings", "Findings that do not count, by why.", known)
      + metric("rollcall_drift_oldest_finding_seconds", "For how long the oldest finding that counts is known.", oldest)
      + metric("rollcall_unapplied_changes", "Changes of an apply that were not made.", unapplied)
  }

  private func metric(_ name: String, _ help: String, _ samples: [Sample]) -> String {
    guard !samples.isEmpty else { return "" }
    let lines = samples.map { sample in
      let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
      return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
    }
    return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
  }

  /// As a label value (the exposition format of Prometheus); what steers a terminal is escaped before.
  private static func escaped(_ text: String) -> String {
    text.escapingControls().replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  private var diagnostics: [Sample] {
    [Diagnostic.Severity.error, .warning, .note].map { severity in
      ([("severity", severity.rawValue)], report.diagnostics.count { $0.severity == severity })
    }
  }

  private var plans: [EndpointPlan] { report.plan?.endpoints ?? [] }

  private var reads: [Sample] {
    plans.map { ([("endpoint", $0.endpoint)], $0.reads.allSatisfy(\.completeness.isComplete) ? 1 : 0) }
      + report.unreachable.map { ([("endpoint", $0.endpoint)], 0) }
  }

  private var changes: [Sample] {
    plans.flatMap { plan in
      Change.Action.allCases.map { action in
        ([("endpoint", plan.endpoint), ("action", action.rawValue)], plan.changes.count { $0.action == action })
      }
    }
  }

  private var withheld: [Sample] { plans.map { ([("endpoint", $0.endpoint)], $0.withheld.count) } }

  private var drift: [Sample] {
    guard let findings = report.overview?.open.map(\.finding) else { return [] }
    return plans.flatMap { plan in
      DriftReport.Finding.Class.allCases.map { kind in
        (
          [("endpoint", plan.endpoint), ("class", kind.rawValue)],
          findings.count { $0.endpoint == plan.endpoint && $0.class == kind }
        )
      }
    }
  }

  /// What is remembered: nothing where no run has remembered anything.
  private func remembered(_ count: (DriftOverview, String) -> Int) -> [Sample] {
    guard let overview = report.drift, report.verb == .drift else { return [] }
    return plans.map { ([("endpoint", $0.endpoint)], count(overview, $0.endpoint)) }
  }

  private var new: [Sample] {
    remembered { overview, endpoint in overview.open.count { $0.isNew && $0.finding.endpoint == endpoint } }
  }

  private var oldest: [Sample] {
    remembered { overview, endpoint in
      let ages = overview.open.filter { $0.finding.endpoint == endpoint }.compactMap(overview.age)
      return Int(ages.max() ?? 0)
    }
  }

  private var known: [Sample] {
    let standings = ["acknowledged", "baseline"]
    return standings.flatMap { name in
      remembered { overview, endpoint in
        overview.items { $0.name == name }.count { $0.finding.endpoint == endpoint }
      }.map { (labels: $0.labels + [("standing", name)], value: $0.value) }
    }
  }

  private var unapplied: [Sample] {
    (report.summary?.endpoints ?? []).map { endpoint in
      ([("endpoint", endpoint.endpoint)], endpoint.results.count { !$0.outcome.words.isEmpty })
    }
  }
}
