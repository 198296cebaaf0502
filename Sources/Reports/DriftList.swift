import Foundation
import JSON
import Reconciliation

/// Remembered findings of drift as a list.
package struct DriftList {
  private let overview: DriftOverview

  /// - Parameter time: when the list is made.
  package init(_ records: [DriftRecord], at time: Date) {
    let sorted = records.sorted { a, b in
      (a.finding.endpoint, a.finding.key, a.fingerprint) < (b.finding.endpoint, b.finding.key, b.fingerprint)
    }
    var overview = DriftOverview(DriftReport(findings: sorted.map(\.finding)), at: time)
    for index in overview.items.indices { overview.items[index].record = sorted[index] }
    self.overview = overview
  }

  package func text(_ style: TextStyle) -> String {
    let rows = overview.known().map { KnownDriftText.row($0) }
    let lines =
      rows.isEmpty ? [StyledLine("No drift is remembered.")] : TextTable(rows: rows, width: style.width).lines()
    return lines.map { $0.rendered(style) + "\n" }.joined()
  }

  package var json: JSONValue {
    let findings = overview.known().map { known in
      var finding = known.json
      finding["lastSeen"] = known.item.record.map { .string($0.lastSeen.formatted(.iso8601)) }
      return JSONValue.object(finding)
    }
    return ["formatVersion": 1, "findings": .array(findings)]
  }
}
