import Foundation
import GRDB
import JSON
import Reconciliation

/// The statements of ``SQLiteLedgerStorage`` within one transaction.
struct LedgerTables {
  let db: Database
  let path: String

  func entries(at endpoint: String) throws -> [Ledger.Entry] {
    let sql = """
      SELECT kind, name, remoteID, origin, applied, secretDigests, onRemoval, grace, disabledAt, updatedAt
      FROM entry WHERE endpoint = ?
      """
    let cursor = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: [endpoint])
    return try Array(cursor.map(entry))
  }

  func save(_ entry: Ledger.Entry, at endpoint: String) throws {
    let sql = """
      INSERT OR REPLACE INTO entry
        (endpoint, kind, name, remoteID, origin, applied, secretDigests, onRemoval, grace, disabledAt, updatedAt)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    let digests = JSONObject(entry.secretDigests.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    try execute(
      sql,
      [
        endpoint, entry.key.kind, entry.key.name, entry.remoteID, entry.origin.rawValue,
        Data(entry.applied.serialized()), Data(digests.serialized()), entry.onRemoval.rawValue, entry.grace,
        entry.disabledAt?.timeIntervalSinceReferenceDate, entry.updatedAt.timeIntervalSinceReferenceDate,
      ])
  }

  func forget(_ key: ResourceKey, at endpoint: String) throws {
    try execute("DELETE FROM entry WHERE endpoint = ? AND kind = ? AND name = ?", [endpoint, key.kind, key.name])
  }

  func append(_ record: JournalRecord) throws {
    if record.phase == .fact { try close(record) }
    let sql = """
      INSERT INTO journal (run, time, endpoint, kind, name, action, phase, remoteID, outcome, isOpen)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    try execute(
      sql,
      [
        record.run, record.time.timeIntervalSinceReferenceDate, record.endpoint, record.key.kind, record.key.name,
        record.action.rawValue, record.phase.rawValue, record.remoteID, record.outcome, record.phase == .intent,
      ])
  }

  func openIntents(at endpoint: String) throws -> [JournalRecord] {
    let sql = """
      SELECT run, time, endpoint, kind, name, action, phase, remoteID, outcome
      FROM journal WHERE isOpen = 1 AND endpoint = ? ORDER BY sequence
      """
    let cursor = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: [endpoint])
    return try Array(cursor.map(record))
  }

  /// The key of this file; the first that is ever given stays.
  func digestKey(orElse fresh: [UInt8]) throws -> [UInt8] {
    try execute("INSERT OR IGNORE INTO digestKey (onlyRow, key) VALUES (1, ?)", [Data(fresh)])
    guard let key = try Data.fetchOne(db, sql: "SELECT key FROM digestKey") else {
      throw StoreError.unreadable("the digest key", path: path)
    }
    return Array(key)
  }

  /// A fact answers the intent of its own run and action, and whatever earlier runs left open on the same resource: it
  /// was written by a run that has looked at what is there.
  private func close(_ fact: JournalRecord) throws {
    let sql = """
      UPDATE journal SET isOpen = 0
      WHERE isOpen = 1 AND endpoint = ? AND kind = ? AND name = ? AND (run <> ? OR action = ?)
      """
    try execute(sql, [fact.endpoint, fact.key.kind, fact.key.name, fact.run, fact.action.rawValue])
  }

  private func execute(_ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  private func entry(_ row: Row) throws -> Ledger.Entry {
    let key = ResourceKey(row[0], row[1])
    guard let origin = Ledger.Entry.Origin(rawValue: row[3]), let onRemoval = Lifecycle.Removal(rawValue: row[6]),
      let applied = object(row, 4), let digests = object(row, 5)
    else { throw StoreError.unreadable("the ledger entry of \(key)", path: path) }
    return Ledger.Entry(
      key: key, remoteID: row[2], origin: origin, applied: applied,
      secretDigests: digests.reduce(into: [:]) { $0[$1.key] = $1.value.string },
      onRemoval: onRemoval, grace: row[7],
      disabledAt: (row[8] as Double?).map(Date.init(timeIntervalSinceReferenceDate:)),
      updatedAt: Date(timeIntervalSinceReferenceDate: row[9]))
  }

  private func object(_ row: Row, _ index: Int) -> JSONObject? {
    try? row.withUnsafeData(atIndex: index) { try JSONValue(parsing: $0 ?? Data()).object }
  }

  private func record(_ row: Row) throws -> JournalRecord {
    let key = ResourceKey(row[3], row[4])
    guard let action = Change.Action(rawValue: row[5]), let phase = JournalRecord.Phase(rawValue: row[6]) else {
      throw StoreError.unreadable("the journal on \(key)", path: path)
    }
    return JournalRecord(
      run: row[0], time: Date(timeIntervalSinceReferenceDate: row[1]), endpoint: row[2], key: key, action: action,
      phase: phase, remoteID: row[7], outcome: row[8])
  }
}
