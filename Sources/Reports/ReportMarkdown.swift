import Foundation
import Reconciliation

/// A report for a pull request or a job summary: risky changes first, always short enough to be posted.
struct ReportMarkdown {
  private struct Section {
    var title: String
    var items: [String]
  }

  let report: Report
  private let findings: KnownFindings
  private let plans: [EndpointPlan]

  init(report: Report) {
    self.report = report
    findings = KnownFindings(report)
    plans = report.shownPlan?.endpoints ?? []
  }

  /// Hosts of pull requests accept 65,536 bytes of UTF-8 in one comment; this leaves room for the last line.
  private static let limit = 65_000

  var text: String {
    var text = "## rollcall \(report.verb.rawValue)\n\n**\(Markdown.prose(closing))** · exit \(report.exit.rawValue)\n"
    var left = sections.reduce(0) { $0 + $1.items.count }
    for section in sections where !section.items.isEmpty {
      var heading = "\n### \(section.title)\n\n"
      for item in section.items {
        guard text.utf8.count + heading.utf8.count + item.utf8.count < Self.limit else {
          return text + "\n… and \(left.grouped) more: see `-o json`.\n"
        }
        text += heading + item
        heading = ""
        left -= 1
      }
    }
    return text
  }

  private var closing: String { ClosingLine(report: report).line.rendered(.plain) }

  private var sections: [Section] {
    [
      Section(title: "Diagnostics", items: report.diagnostics.map(item)),
      Section(title: "Not read", items: unread),
      Section(title: "Stopped by guardrails", items: report.objections.map(item)),
      Section(title: "Not applied", items: unapplied),
      Section(title: "Before you apply", items: report.footer.map { item("", $0.rendered(.plain)) }),
      Section(title: "Changes", items: changes),
      Section(title: "Withheld", items: withheld),
      Section(title: "In no manifest", items: foreign),
      Section(title: "Acknowledged", items: known { if case .acknowledged = $0 { true } else { false } }),
      Section(title: "Known from the baseline", items: known { $0 == .baseline }),
    ]
  }

  private func item(_ name: String, _ message: String) -> String {
    "- \(name.isEmpty ? "" : Markdown.code(name) + ": ")\(Markdown.prose(message))\n"
  }

  private func item(_ diagnostic: Diagnostic) -> String {
    let hint = diagnostic.hint.map { "; hint: \($0)" } ?? ""
    return
      "- \(Markdown.code(diagnostic.location.description)) **\(diagnostic.severity.rawValue)** \(diagnostic.code): "
      + "\(Markdown.prose(diagnostic.message + hint))\n"
  }

  private func item(_ objection: Objection) -> String {
    item(objection.endpoint, objection.message + (objection.hint.isEmpty ? "" : "; hint: \(objection.hint)"))
  }

  private var unread: [String] {
    report.unreachable.map { item($0.endpoint, $0.message) }
      + plans.flatMap { endpoint in endpoint.doubts.map { item(endpoint.endpoint, $0) } }
  }

  private var unapplied: [String] {
    (report.summary?.results ?? []).filter { !$0.outcome.words.isEmpty }
      .map { item($0.change.key.description, $0.outcome.words) }
  }

  /// What takes something away stands first.
  private var changes: [String] {
    let all = plans.flatMap { endpoint in endpoint.changes.map { (endpoint.endpoint, $0) } }
    return [Change.Action.delete, .disable, .update, .create].flatMap { action in
      all.filter { $0.1.action == action }.map { item(for: $0.1, at: $0.0) }
    }
  }

  private func item(for change: Change, at endpoint: String) -> String {
    let reason = change.reason.isEmpty ? "" : ": \(Markdown.prose(change.reason))"
    let place = change.source.map { " (\(Markdown.code("\($0.file):\($0.line)")))" } ?? ""
    let head = "- **\(change.action.rawValue)** \(Markdown.code(change.key.description)) at \(Markdown.code(endpoint))"
    let lines = change.shownAttributes.map { line(for: $0, of: change, at: endpoint) }
    return head + reason + place + remark(findings[endpoint, change.key]) + "\n" + lines.joined()
  }

  private func line(for attribute: AttributeChange, of change: Change, at endpoint: String) -> String {
    let value =
      attribute.isMembership
      ? MemberText(attribute: attribute).lines(width: .max).joined(separator: "  ") : attribute.valueText
    let remark = change.isRenamed(by: attribute) ? " rename, id kept" : ""
    let isTold = attribute.cause.isForeignDoing || report.verb == .drift
    let cause = isTold ? " _\(Markdown.prose(doing(of: change, at: endpoint).words(for: attribute.cause)))_" : ""
    return "  - \(Markdown.code("\(attribute.shortPath): \(value.rendered(.plain))"))\(remark)\(cause)\n"
  }

  private var withheld: [String] {
    plans.flatMap { endpoint in
      endpoint.withheld.map { withheld in
        "- \(Markdown.code(withheld.key.description)) at \(Markdown.code(endpoint.endpoint)): "
          + "\(Markdown.prose(withheld.reason))\(remark(findings[endpoint.endpoint, withheld.key]))\n"
      }
    }
  }

  private var foreign: [String] {
    guard report.verb == .drift else { return [] }
    return plans.flatMap { endpoint in
      endpoint.foreignKeys.map { key in
        "- \(Markdown.code(key.description)) at \(Markdown.code(endpoint.endpoint))"
          + "\(remark(findings[endpoint.endpoint, key, isForeign: true]))\n"
      }
    }
  }

  /// The findings of one standing.
  private func known(where isWanted: (DriftOverview.Standing) -> Bool) -> [String] {
    let known = report.drift == nil ? [] : report.known
    return known.filter { isWanted($0.standing) }.map { known in
      let finding = known.item.finding
      let words = if case .acknowledged = known.standing { known.standing.words.map { ", \($0)" } ?? "" } else { "" }
      return "- \(Markdown.code(finding.key.description)) at \(Markdown.code(finding.endpoint)): "
        + "\(finding.class.rawValue)\(Markdown.prose(words))\(remark(known))\n"
    }
  }

  /// Since when a finding is known, and its name.
  private func remark(_ known: KnownFinding?) -> String {
    guard let known else { return "" }
    return " · " + (known.ageWords.isEmpty ? "" : "_\(known.ageWords)_ ") + Markdown.code(known.shortFingerprint)
  }

  private func doing(of change: Change, at endpoint: String) -> Doing {
    let plan = report.verb == .drift ? plans.first { $0.endpoint == endpoint } : nil
    return Doing(
      manifest: change.source.flatMap { report.manifestChanges[$0] }, modified: plan?.modified[change.key])
  }
}
