import Reconciliation

/// The last line of a report, which says it all.
struct ClosingLine {
  let report: Report

  var line: StyledLine {
    guard let plan = report.plan else { return validity }
    if let summary = report.summary { return applied(summary) + StyledLine(withheld(plan, " ", ".")) }
    if report.verb == .drift { return drift(plan) }
    guard plan.isEmpty else { return planned(plan) }
    return unproved ?? StyledLine("In sync: ", .good) + "nothing to change." + StyledLine(withheld(plan, " ", "."))
  }

  private var validity: StyledLine {
    let errors = report.diagnostics.count { $0.severity == .error }
    let warnings = report.diagnostics.count { $0.severity == .warning }
    let rest = warnings > 0 ? ", \(warnings.counted("warning"))" : ""
    let documents = report.documents.counted("document")
    return errors == 0
      ? StyledLine("Valid: ", .good) + "\(documents)\(rest)."
      : StyledLine("Invalid: ", .bad) + "\(errors.counted("error"))\(rest) in \(documents)."
  }

  private func planned(_ plan: Plan) -> StyledLine {
    let sum = plan.summary
    let counts =
      "Plan: \(sum.create) to add, \(sum.update) to change, \(sum.disable) to disable, \(sum.delete) to delete"
    let refusal = report.verb == .apply && !report.objections.isEmpty ? " Nothing was applied." : ""
    return StyledLine(counts + withheld(plan, ", ", "") + "." + refusal)
  }

  private func drift(_ plan: Plan) -> StyledLine {
    let findings = plan.drift().findings
    guard findings.isEmpty, plan.isEmpty else {
      let endpoints = Set(findings.map(\.endpoint)).count
      let place = endpoints > 0 ? " at \(endpoints.counted("endpoint"))" : ""
      return StyledLine("Drift: ", .change)
        + "\(findings.count.counted("finding"))\(place); apply would make \(plan.changes.count.counted("change"))."
    }
    return unproved ?? StyledLine("In sync: ", .good) + "no drift."
  }

  private func applied(_ summary: RunSummary) -> StyledLine {
    let total = summary.results.count
    let others = ["failed", "skipped", "stale", "cancelled"].compactMap { name in
      let count = summary.results.count { $0.outcome.name == name }
      return count > 0 ? "\(count.grouped) \(name)" : nil
    }
    let time = summary.duration.seconds
    guard !others.isEmpty else { return StyledLine("Applied: ", .good) + "\(total.counted("change")) in \(time)." }
    let applied = summary.results.count { $0.outcome.words.isEmpty }
    return StyledLine(applied > 0 ? "Partly applied: " : "Not applied: ", .bad)
      + "\(applied.grouped) of \(total.counted("change")) in \(time); \(others.joined(separator: ", "))."
  }

  /// In place of `In sync` when not everything was seen.
  private var unproved: StyledLine? {
    let doubtful = report.plan?.endpoints.count { !$0.reads.allSatisfy(\.completeness.isComplete) } ?? 0
    let unseen = report.unreachable.count + doubtful
    guard unseen > 0 else { return nil }
    return StyledLine("Not proved: ", .bad)
      + "nothing differs in what was read; \(unseen.counted("endpoint")) could not be read to the end."
  }

  private func withheld(_ plan: Plan, _ prefix: String, _ suffix: String) -> String {
    let count = plan.summary.withheld
    return count > 0 ? "\(prefix)\(count.grouped) withheld\(suffix)" : ""
  }
}
