import LocalDirectory
import Reports

/// Entries of the audit as a table (RFC 4180), a row each.
struct AuditTable {
  private static let header = ["time", "actor", "address", "action", "type", "id", "name", "details"]

  let entries: [AuditEntry]

  var text: String { CSVTable.text([Self.header] + entries.map(cells)) }

  private func cells(of entry: AuditEntry) -> [String] {
    let event: DirectoryEvent? = if case .change(let change) = entry { change.event } else { nil }
    return [
      Timestamp.text(entry.time), entry.author.name, entry.author.address ?? "", entry.action,
      event?.resourceType ?? "", event?.id ?? "", entry.label ?? "", entry.details.joined(separator: "; "),
    ]
  }
}
