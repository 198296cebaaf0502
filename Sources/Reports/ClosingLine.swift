import Reconciliation

/// The last line of a report, which says it all.
struct ClosingLine {
  let report: Report

  var line: StyledLine {
    guard let plan = report.plan else { return validity }
    if let summary = report.summary { return applied(summary) + StyledLine(withheld(plan, " ", ".")) }
    if let overview = report.overview { return drift(plan, overview) }
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
    let refusal = [.apply, .undo].contains(report.verb) && !report.objections.isEmpty ? " Nothing was applied." : ""
    return StyledLine(sum.words + withheld(plan, ", ", "") + "." + refusal)
  }

  private func drift(_ plan: Plan, _ overview: DriftOverview) -> StyledLine {
    let open = overview.open
    let rest = beside(overview)
    guard open.isEmpty, overview.shown(of: plan).isEmpty else {
      let endpoints = Set(open.map(\.finding.endpoint)).count
      let place = endpoints > 0 ? " at \(endpoints.counted("endpoint"))" : ""
      let news = open.count(where: \.isNew)
      let new = news > 0 ? ", \(news.grouped) new" : ""
      return StyledLine("Drift: ", .change)
        + "\(open.count.counted("finding"))\(place)\(new); apply would make \(plan.changes.count.counted("change"))"
        + StyledLine((rest.isEmpty ? "" : "; \(rest)") + ".")
    }
    if let unproved { return unproved }
    return rest.isEmpty
      ? StyledLine("In sync: ", .good) + "no drift." : StyledLine("Nothing to act on: ", .good) + StyledLine("\(rest).")
  }

  /// The findings that do not count.
  private func beside(_ overview: DriftOverview) -> String {
    let standings = overview.items.map(overview.standing)
    let counts = [
      (standings.count { if case .acknowledged = $0 { true } else { false } }, "acknowledged"),
      (standings.count { $0 == .baseline }, "known from the baseline"),
      (standings.count { $0 == .filtered }, "not shown"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
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
