/// Rows of cells as a table (RFC 4180).
package enum CSVTable {
  package static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A cell that no spreadsheet takes for a formula: what begins like one, behind spaces too, gets an apostrophe, as the
  /// OWASP page on CSV injection has it. Names come from whoever chose them.
  static func cell(_ text: String) -> String {
    let safe = text.escapingControls()
    let tame = safe.first { $0 != " " }.map { "=+-@＝＋－＠".contains($0) } == true ? "'" + safe : safe
    guard tame.contains(where: { ",\";'".contains($0) }) else { return tame }
    return "\"" + tame.replacing("\"", with: "\"\"") + "\""
  }
}
