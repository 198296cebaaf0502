import JSON
import LocalDirectory

/// Entries of the audit as a table (RFC 4180), a row each.
struct AuditTable {
  private static let header = ["time", "actor", "address", "action", "type", "id", "name", "details"]

  let entries: [AuditEntry]

  var text: String {
    ([Self.header] + entries.map(cells)).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
  }

  private func cells(of entry: AuditEntry) -> [String] {
    let event: DirectoryEvent? = if case .change(let change) = entry { change.event } else { nil }
    return [
      Timestamp.text(entry.time), entry.author.name, entry.author.address ?? "", entry.action,
      event?.resourceType ?? "", event?.id ?? "", entry.label ?? "", entry.details.joined(separator: "; "),
    ]
  }

  /// A cell that no spreadsheet takes for a formula: what begins like one, or like what leads to one, gets an apostrophe,
  /// as the OWASP page on CSV injection has it. Names come from whoever chose them.
  static func cell(_ text: String) -> String {
    let printable = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    let safe = String(
      String.UnicodeScalarView(printable.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    let tame = safe.first { $0 != " " }.map { "=+-@＝＋－＠".contains($0) } == true ? "'" + safe : safe
    guard tame.contains(where: { ",\";'".contains($0) }) else { return tame }
    return "\"" + tame.replacing("\"", with: "\"\"") + "\""
  }
}
