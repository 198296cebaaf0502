import Foundation
import JSON
import Reconciliation

/// A transaction of the state over a connection that has begun one: here its ledgers.
struct StateTransaction<Connection: SQLConnection> {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func entries(at endpoint: String) throws -> [Ledger.Entry] {
    let sql = """
      SELECT kind, name, remoteID, origin, applied, secretDigests, onRemoval, grace, disabledAt, updatedAt
      FROM entry WHERE endpoint = $1
      """
    return try connection.rows(sql, [endpoint], entry)
  }

  func save(_ entry: Ledger.Entry, at endpoint: String) throws {
    let sql = """
      INSERT INTO entry
        (endpoint, kind, name, remoteID, origin, applied, secretDigests, onRemoval, grace, disabledAt, updatedAt)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      ON CONFLICT (endpoint, kind, name) DO UPDATE SET
        remoteID = excluded.remoteID, origin = excluded.origin, applied = excluded.applied,
        secretDigests = excluded.secretDigests, onRemoval = excluded.onRemoval, grace = excluded.grace,
        disabledAt = excluded.disabledAt, updatedAt = excluded.updatedAt
      """
    let digests = JSONObject(entry.secretDigests.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    try connection.execute(
      sql,
      [
        endpoint, entry.key.kind, entry.key.name, entry.remoteID, entry.origin.rawValue, entry.applied.serialized(),
        digests.serialized(), entry.onRemoval.rawValue, entry.grace, entry.disabledAt?.timeIntervalSinceReferenceDate,
        entry.updatedAt.timeIntervalSinceReferenceDate,
      ])
  }

  func forget(_ key: ResourceKey, at endpoint: String) throws {
    try connection.execute(
      "DELETE FROM entry WHERE endpoint = $1 AND kind = $2 AND name = $3", [endpoint, key.kind, key.name])
  }

  /// The key of this state; the first that is ever given stays.
  func digestKey(orElse fresh: [UInt8]) throws -> [UInt8] {
    try connection.execute("INSERT INTO digestKey (onlyRow, key) VALUES (1, $1) ON CONFLICT DO NOTHING", [fresh])
    let keys = try connection.rows("SELECT key FROM digestKey WHERE onlyRow = 1", []) { row in
      try row.withBytes(0) { Array($0) }
    }
    guard let key = keys.first else { throw connection.unreadable("the digest key") }
    return key
  }

  /// The JSON object in a column.
  func object(_ row: Connection.Row, _ index: Int, _ what: @autoclosure () -> String) throws -> JSONObject {
    let object = try row.withBytes(index) { bytes in (try? JSONValue(parsing: bytes))?.object }
    guard let object else { throw connection.unreadable(what()) }
    return object
  }

  private func entry(_ row: Connection.Row) throws -> Ledger.Entry {
    let key = ResourceKey(row.text(0), row.text(1))
    let what = "the ledger entry of \(key)"
    guard let origin = Ledger.Entry.Origin(rawValue: row.text(3)),
      let onRemoval = Lifecycle.Removal(rawValue: row.text(6)), let grace = row.optionalReal(7),
      let updatedAt = row.optionalReal(9)
    else { throw connection.unreadable(what) }
    return Ledger.Entry(
      key: key, remoteID: row.text(2), origin: origin, applied: try object(row, 4, what),
      secretDigests: try object(row, 5, what).reduce(into: [:]) { $0[$1.key] = $1.value.string },
      onRemoval: onRemoval, grace: grace,
      disabledAt: row.optionalReal(8).map(Date.init(timeIntervalSinceReferenceDate:)),
      updatedAt: Date(timeIntervalSinceReferenceDate: updatedAt))
  }
}
