/// Rows of cells as a table (RFC 4180).
enum CSVTable {
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe, as the OWASP page on CSV
  /// injection has it.
  private static func cell(_ text: String) -> String {
    let safe = text.escapingControls()
    let tame = safe.first.map { "=+-@".contains($0) } == true ? "'" + safe : safe
    guard tame.unicodeScalars.contains(where: { ",\"\n\r;".unicodeScalars.contains($0) }) else { return tame }
    return "\"" + tame.replacing("\"", with: "\"\"") + "\""
  }
}
