import JSON
import LocalDirectory

/// What connectors know of resources, and which are left to others.
extension SQLTransaction {
  private static var linkColumns: String { "type, id, remote, adopted, applied, modified" }

  func links(of connector: String) throws -> [ProvisioningLink] {
    try connection.rows(
      "SELECT \(Self.linkColumns) FROM outbound_link WHERE connector = $1 ORDER BY id", [connector], link)
  }

  /// - Parameter column: what the values are compared with.
  func links(of connector: String, where column: LinkColumn, isOneOf values: [String]) throws -> [ProvisioningLink] {
    let sql = """
      SELECT \(Self.linkColumns) FROM outbound_link
      WHERE connector = $1 AND \(column.rawValue) IN (\(Self.list("$2"))) ORDER BY id
      """
    return try connection.rows(sql, [connector, Self.list(values)], link)
  }

  func save(_ link: ProvisioningLink, of connector: String) throws {
    let sql = """
      INSERT INTO outbound_link (connector, type, id, remote, adopted, applied, modified)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (connector, id) DO UPDATE SET type = excluded.type,
      remote = excluded.remote, adopted = excluded.adopted, applied = excluded.applied, modified = excluded.modified
      """
    try connection.execute(
      sql,
      [
        connector, link.type, link.id, link.remoteID, link.isAdopted ? 1 : 0, link.applied.serialized(),
        Timestamp.milliseconds(link.updatedAt),
      ])
  }

  func unlink(_ ids: [String], from connector: String) throws {
    try remove(ids, of: connector, from: "outbound_link")
  }

  func exemptions(of connector: String) throws -> Set<String> {
    Set(try connection.rows("SELECT id FROM outbound_exemption WHERE connector = $1", [connector]) { $0.text(0) })
  }

  func exempt(_ ids: [String], from connector: String) throws {
    let sql = """
      INSERT INTO outbound_exemption (connector, id) SELECT $1, i.value FROM \(Connection.elements(of: "$2")) i
      WHERE true ON CONFLICT DO NOTHING
      """
    guard !ids.isEmpty else { return }
    try connection.execute(sql, [connector, Self.list(ids)])
  }

  func include(_ ids: [String], in connector: String) throws {
    try remove(ids, of: connector, from: "outbound_exemption")
  }

  func remove(_ ids: [String], of connector: String, from table: String) throws {
    guard !ids.isEmpty else { return }
    try connection.execute(
      "DELETE FROM \(table) WHERE connector = $1 AND id IN (\(Self.list("$2")))", [connector, Self.list(ids)])
  }

  private func link(_ row: Connection.Row) throws -> ProvisioningLink {
    let id = row.text(1)
    guard let applied = try json(row, 4, "the link of \(id)").object else {
      throw connection.unreadable("the link of \(id)")
    }
    return ProvisioningLink(
      type: row.text(0), id: id, remoteID: row.text(2), isAdopted: row.integer(3) != 0, applied: applied,
      updatedAt: Timestamp.date(milliseconds: row.integer(5)))
  }
}

/// What links are found by.
enum LinkColumn: String {
  case id, remote
}
