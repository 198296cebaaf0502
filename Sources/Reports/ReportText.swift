import JSON
import Reconciliation

extension Report {
  /// The report in one of its forms. Only text uses the style.
  package func rendered(as format: ReportFormat, style: TextStyle = .plain) -> String {
    switch format {
    case .text: ReportText(report: self, style: style).text
    case .json: json.pretty().escapingControls(keepingLineEnds: true)
    case .markdown: ReportMarkdown(report: self).text
    case .html: ReportHTML(report: self).text
    case .junit: ReportJUnit(report: self).text
    case .sarif: ReportSARIF(report: self).json.pretty()
    case .csv: ReportCSV(report: self).text
    case .prometheus: ReportPrometheus(report: self).text
    }
  }
}

/// A report for a person at a terminal.
struct ReportText {
  let report: Report
  let style: TextStyle

  var text: String {
    let findings = KnownFindings(report)
    let endpoints = (report.shownPlan?.endpoints ?? []).map { lines(for: $0, findings) }
    let sections =
      [diagnostics, unreachable] + endpoints + [
        KnownDriftText(report: report, width: style.width).lines, unapplied, report.footer, objections,
        [ClosingLine(report: report).line],
      ]
    return sections.filter { !$0.isEmpty }
      .map { section in section.map { $0.rendered(style) + "\n" }.joined() }.joined(separator: "\n")
  }

  private var diagnostics: [StyledLine] { report.diagnostics.shownLines }

  private var unreachable: [StyledLine] {
    report.unreachable.map {
      StyledLine("Endpoint \($0.endpoint)", .strong) + "  " + StyledLine("not read: \($0.message)", .bad)
    }
  }

  private func lines(for plan: EndpointPlan, _ findings: KnownFindings) -> [StyledLine] {
    EndpointPlanText(
      plan: plan, outcomes: report.summary?.outcomes(at: plan.endpoint) ?? [], isDrift: report.verb == .drift,
      isRecorded: report.verb == .apply && report.objections.isEmpty,
      findings: findings, manifestChanges: report.manifestChanges, width: style.width
    ).lines()
  }

  /// What did not go as planned, once more at the end, with the reasons.
  private var unapplied: [StyledLine] {
    (report.summary?.endpoints ?? []).flatMap { endpoint in
      endpoint.results.filter { !$0.outcome.words.isEmpty }.map { result in
        StyledLine("! \(result.change.key.kind) \(result.change.key.name)", .bad)
          + StyledLine(" at \(endpoint.endpoint): \(result.outcome.words)")
      }
    }
  }

  private var objections: [StyledLine] {
    report.objections.flatMap { objection in
      let place = objection.endpoint.isEmpty ? "" : "\(objection.endpoint): "
      return [StyledLine("Stopped: ", .bad) + StyledLine("\(place)\(objection.message)")]
        + (objection.hint.isEmpty ? [] : [StyledLine("  hint: \(objection.hint)")])
    }
  }

}
