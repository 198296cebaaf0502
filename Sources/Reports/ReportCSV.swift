import Foundation
import JSON
import Reconciliation

/// A report as a table (RFC 4180): a row an attribute, or a resource without any.
struct ReportCSV {
  let report: Report

  private static let header = [
    "endpoint", "kind", "name", "what", "attribute", "before", "after", "cause", "reason", "source", "outcome",
    "fingerprint", "firstSeen", "standing", "acknowledgedUntil", "commit", "author", "modified",
  ]

  var text: String {
    let rows = report.diagnostics.map(cells) + report.rows.flatMap(cells)
    return CSVTable.text([Self.header] + rows)
  }

  private func cells(of row: ReportRow) -> [[String]] {
    let head = [row.endpoint, row.key.kind, row.key.name, row.word]
    let source = row.source.map { "\($0.file):\($0.line)" } ?? ""
    let tail = [row.sentence, source, row.outcome?.name ?? ""] + cells(of: row.finding)
    guard !row.attributes.isEmpty else { return [head + ["", "", "", ""] + tail] }
    return row.attributes.map { head + [$0.path, value($0.before), value($0.after), $0.cause.rawValue] + tail }
  }

  private func cells(of known: KnownFinding?) -> [String] {
    guard let known else { return Array(repeating: "", count: 7) }
    let item = known.item
    let until =
      if case .acknowledged(let acknowledgement) = known.standing { acknowledgement.until.formatted(.iso8601) } else {
        ""
      }
    return [
      item.fingerprint, item.record?.firstSeen.formatted(.iso8601) ?? "", known.standing.name, until,
      known.doing.manifest?.commit ?? "", known.doing.manifest?.author ?? "",
      known.doing.modified?.formatted(.iso8601) ?? "",
    ]
  }

  private func cells(of diagnostic: Diagnostic) -> [String] {
    [
      "", "", "", diagnostic.severity.rawValue, diagnostic.code, "", "", "", diagnostic.message,
      "\(diagnostic.location.file):\(diagnostic.location.line)", "",
    ] + cells(of: nil)
  }

  private func value(_ value: JSONValue?) -> String { value.map { $0.string ?? $0.text } ?? "" }
}
