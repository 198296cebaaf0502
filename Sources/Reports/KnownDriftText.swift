import Reconciliation

/// The findings of drift that do not count, at the end of a report.
struct KnownDriftText {
  /// Of those in the baseline.
  private static let shown = 20

  let report: Report
  /// In columns.
  let width: Int

  var lines: [StyledLine] {
    guard report.drift != nil else { return [] }
    let known = report.known
    let acknowledged = known.filter { if case .acknowledged = $0.standing { true } else { false } }
    let baseline = known.filter { $0.standing == .baseline }
    return section("Acknowledged", acknowledged, shown: acknowledged.count)
      + section("Known from the baseline", baseline, shown: Self.shown)
  }

  private func section(_ title: String, _ findings: [KnownFinding], shown: Int) -> [StyledLine] {
    guard !findings.isEmpty else { return [] }
    let rest = findings.count - shown
    let rows = findings.prefix(shown).map { Self.row($0) }
    return [StyledLine("\(title): \(findings.count.counted("finding"))", .quiet)]
      + TextTable(rows: rows, width: width).lines()
      + (rest > 0 ? [StyledLine("  and \(rest.grouped) more", .quiet)] : [])
  }

  /// A finding on a line of its own.
  static func row(_ known: KnownFinding) -> TextTable.Row {
    let finding = known.item.finding
    let head = "  \(finding.key.kind) \(finding.key.name) at \(finding.endpoint): \(finding.class.rawValue)"
    let words = if case .acknowledged = known.standing { known.standing.words.map { ", \($0)" } ?? "" } else { "" }
    return TextTable.Row(
      left: StyledLine(head + words, known.isOpen ? nil : .quiet), remark: StyledLine(known.remark, .quiet))
  }
}
