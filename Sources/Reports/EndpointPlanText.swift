import Foundation
import Reconciliation

/// The part of a plan that concerns one endpoint, as text.
struct EndpointPlanText {
  let plan: EndpointPlan
  /// What became of its changes, in their order; empty when nothing was applied.
  let outcomes: [Outcome]
  let isDrift: Bool
  /// Whether what needs no call is in the ledger by now.
  let isRecorded: Bool
  /// What is known of the drift there.
  let findings: KnownFindings
  /// Who changed the documents last.
  let manifestChanges: [SourceLocation: ManifestChange]
  /// In columns.
  let width: Int

  func lines() -> [StyledLine] {
    let body = TextTable(rows: rows, width: width).lines()
    return [header] + notes.map { "  \($0)" } + (body.isEmpty ? [] : [""] + body)
  }

  // MARK: What was read

  private var header: StyledLine {
    let reads = plan.reads.map { "\(count($0)) \($0.resourceType.asWords.plural)" }.joined(separator: ", ")
    let completeness = plan.reads.allSatisfy(\.completeness.isComplete) ? "complete" : "not complete"
    let parts = [plan.driver.rawValue, reads.isEmpty ? "nothing to read" : "read \(reads), \(completeness)"]
    return StyledLine("Endpoint \(plan.endpoint)", .strong) + "  " + StyledLine(parts.joined(separator: " · "))
  }

  private func count(_ read: EndpointPlan.Read) -> String {
    read.total.map { "\(read.read.grouped)/\($0.grouped)" } ?? read.read.grouped
  }

  private var notes: [String] {
    let written = Set(plan.changes.map(\.key))
    let recorded = plan.adoptions.count { !written.contains($0.key) }
    return plan.doubts.map { "warning: \($0)" } + plan.limitations.map { "note: \($0)" }
      + (recorded > 0
        ? [
          "note: \(isRecorded ? "recorded" : "apply would record") in the ledger without a call: \(recorded.counted("resource"))"
        ] : [])
  }

  // MARK: What differs

  private var rows: [TextTable.Row] {
    let changes = changeTexts
    let columns = columns(changes)
    return changes.flatMap { $0.rows(columns, width: width) }
      + plan.withheld.map { row(for: $0, columns) } + (isDrift ? foreignRows(columns) : [])
  }

  private var changeTexts: [ChangeText] {
    let ends = Dictionary(grouping: plan.accessChanges.filter { $0.until != nil }, by: \.groupKey)
      .mapValues {
        Dictionary($0.map { ($0.member, $0.until) }, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self)
      }
    return plan.changes.enumerated().map { index, change in
      ChangeText(
        change: change, outcome: outcomes.indices.contains(index) ? outcomes[index] : nil, showsCause: isDrift,
        ends: ends[change.key] ?? [:], finding: findings[plan.endpoint, change.key],
        doing: Doing(
          manifest: change.source.flatMap { manifestChanges[$0] }, modified: isDrift ? plan.modified[change.key] : nil))
    }
  }

  /// As wide as the names need, within reason.
  private func columns(_ changes: [ChangeText]) -> ChangeText.Columns {
    let heads = changes.map(\.head.width) + plan.withheld.map { head(of: $0).width }
    let names = changes.flatMap(\.change.shownAttributes).map { ChangeText.indent + $0.shortPath.columns }
    return ChangeText.Columns(detail: column(heads, within: 18...40), value: column(names, within: 18...40))
  }

  private func column(_ widths: [Int], within bounds: ClosedRange<Int>) -> Int {
    max(bounds.lowerBound, widths.filter { $0 <= bounds.upperBound }.max() ?? 0)
  }

  private func head(of withheld: EndpointPlan.Withheld) -> StyledLine {
    StyledLine("  ? \(withheld.key.kind) \(withheld.key.name)", .warning)
  }

  private func row(for withheld: EndpointPlan.Withheld, _ columns: ChangeText.Columns) -> TextTable.Row {
    TextTable.Row(
      left: head(of: withheld).padded(to: columns.detail) + "  withheld: " + StyledLine(withheld.reason),
      remark: .remark(on: withheld.source, findings[plan.endpoint, withheld.key]))
  }

  // MARK: What is not ours

  private static let shownForeign = 20

  private func foreignRows(_ columns: ChangeText.Columns) -> [TextTable.Row] {
    let shown = zip(plan.foreign, plan.foreignKeys).prefix(Self.shownForeign).map { resource, key in
      TextTable.Row(
        left: StyledLine("  · \(key.kind) \(key.name)", .quiet).padded(to: columns.detail)
          + StyledLine("  in no manifest, not ours" + modified(resource), .quiet),
        remark: .remark(on: nil, findings[plan.endpoint, key, isForeign: true]))
    }
    let rest = plan.foreign.count - shown.count
    return shown + (rest > 0 ? [TextTable.Row(left: StyledLine("  · and \(rest.grouped) more", .quiet))] : [])
  }

  private func modified(_ resource: ForeignResource) -> String {
    Doing(modified: resource.modified).modifiedWords.map { ", changed \($0)" } ?? ""
  }
}

extension EndpointPlan {
  /// A sentence for every listing that could not be proved complete.
  var doubts: [String] {
    reads.compactMap { read in
      guard case .incomplete(let reason) = read.completeness else { return nil }
      return "the \(read.resourceType.asWords.plural) were not read to the end: \(reason)"
    }
  }
}
