import JSON
import Reconciliation

/// A report as a table (RFC 4180): a row an attribute, or a resource without any.
struct ReportCSV {
  let report: Report

  private static let header = [
    "endpoint", "kind", "name", "what", "attribute", "before", "after", "cause", "reason", "source", "outcome",
  ]

  var text: String {
    let rows = report.diagnostics.map(cells) + report.rows.flatMap(cells)
    return CSVTable.text([Self.header] + rows)
  }

  private func cells(of row: ReportRow) -> [[String]] {
    let head = [row.endpoint, row.key.kind, row.key.name, row.word]
    let tail = [row.sentence, row.source.map { "\($0.file):\($0.line)" } ?? "", row.outcome?.name ?? ""]
    guard !row.attributes.isEmpty else { return [head + ["", "", "", ""] + tail] }
    return row.attributes.map { head + [$0.path, value($0.before), value($0.after), $0.cause.rawValue] + tail }
  }

  private func cells(of diagnostic: Diagnostic) -> [String] {
    [
      "", "", "", diagnostic.severity.rawValue, diagnostic.code, "", "", "", diagnostic.message,
      "\(diagnostic.location.file):\(diagnostic.location.line)", "",
    ]
  }

  private func value(_ value: JSONValue?) -> String { value.map { $0.string ?? $0.text } ?? "" }
}
