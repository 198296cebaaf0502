import Foundation
import Reconciliation

/// The journal. Whoever writes to it is alone, so that it never forks.
extension StateTransaction {
  private static var columns: String { "sequence, run, time, type, endpoint, kind, name, document, hash" }

  func append(_ lines: [JournalLine]) throws {
    guard !lines.isEmpty else { return }
    var head = try journalHead()
    for line in lines {
      let entry = head.next(line)
      try insert(entry, line)
      switch line {
      case .change(let record) where record.phase == .intent: try open(record, entry.sequence)
      case .change(let record): try close(record)
      case .begun, .ended, .decision: break
      }
      head = entry.head
    }
    try save(head)
  }

  func journalHead() throws -> JournalHead {
    try connection.rows("SELECT sequence, hash FROM journalHead WHERE onlyRow = 1", []) { row in
      JournalHead(sequence: row.integer(0), hash: try row.withBytes(1) { Array($0) })
    }.first ?? .empty
  }

  func save(_ head: JournalHead) throws {
    let sql = """
      INSERT INTO journalHead (onlyRow, sequence, hash) VALUES (1, $1, $2)
      ON CONFLICT (onlyRow) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
      """
    try connection.execute(sql, [head.sequence, head.hash])
  }

  func insert(_ entry: JournalEntry, _ line: JournalLine) throws {
    let sql = "INSERT INTO journal (\(Self.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    let labels = JournalRow.Labels(line)
    try connection.execute(
      sql,
      [
        entry.sequence, labels.run, labels.time, labels.type, labels.endpoint, labels.kind, labels.name, entry.document,
        entry.hash,
      ])
  }

  func journal(after sequence: Int, limit: Int) throws -> [JournalRow] {
    let sql = "SELECT \(Self.columns) FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2"
    return try connection.rows(sql, [sequence, limit], journalRow)
  }

  func journal(of run: String) throws -> [JournalRow] {
    let sql = "SELECT \(Self.columns) FROM journal WHERE run = $1 ORDER BY sequence"
    return try connection.rows(sql, [run], journalRow)
  }

  func runs() throws -> [String] {
    let sql = "SELECT run FROM journal WHERE run <> '' GROUP BY run ORDER BY MIN(sequence) DESC"
    return try connection.rows(sql, []) { $0.text(0) }
  }

  func frames() throws -> [JournalRow] {
    let sql = "SELECT \(Self.columns) FROM journal WHERE type IN ('begun', 'ended') ORDER BY sequence"
    return try connection.rows(sql, [], journalRow)
  }

  func decisions() throws -> [JournalRow] {
    let sql = "SELECT \(Self.columns) FROM journal WHERE type = 'decision' ORDER BY sequence"
    return try connection.rows(sql, [], journalRow)
  }

  func intents(on kind: String, named name: String?) throws -> [JournalRow] {
    let start = "SELECT \(Self.columns) FROM journal WHERE type = 'intent' AND kind = $1"
    guard let name else { return try connection.rows("\(start) ORDER BY sequence", [kind], journalRow) }
    return try connection.rows("\(start) AND name = $2 ORDER BY sequence", [kind, name], journalRow)
  }

  // MARK: Intents

  /// Remembers an intent until its fact comes.
  func open(_ intent: JournalRecord, _ sequence: Int) throws {
    let sql = "INSERT INTO openIntent (sequence, endpoint, kind, name, run, action) VALUES ($1, $2, $3, $4, $5, $6)"
    try connection.execute(
      sql, [sequence, intent.endpoint, intent.key.kind, intent.key.name, intent.run, intent.action.rawValue])
  }

  /// A fact answers the intent of its own run and action, and whatever earlier runs left open on the same resource: it
  /// was written by a run that has looked at what is there.
  private func close(_ fact: JournalRecord) throws {
    let sql = """
      DELETE FROM openIntent WHERE endpoint = $1 AND kind = $2 AND name = $3 AND (run <> $4 OR action = $5)
      """
    try connection.execute(sql, [fact.endpoint, fact.key.kind, fact.key.name, fact.run, fact.action.rawValue])
  }

  func openIntents(at endpoint: String) throws -> [JournalRecord] {
    let sql = """
      SELECT \(Self.columns) FROM journal
      WHERE sequence IN (SELECT sequence FROM openIntent WHERE endpoint = $1) ORDER BY sequence
      """
    return try connection.rows(sql, [endpoint], journalRow).map { row in
      guard let record = try? row.entry.content().line.record else {
        throw connection.unreadable("line \(row.entry.sequence) of the journal")
      }
      return record
    }
  }

  func journalRow(_ row: Connection.Row) throws -> JournalRow {
    JournalRow(
      entry: JournalEntry(
        sequence: row.integer(0), document: try row.withBytes(7) { Array($0) },
        hash: try row.withBytes(8) { Array($0) }),
      labels: JournalRow.Labels(
        type: row.text(3), run: row.text(1), time: row.integer(2), endpoint: row.optionalText(4),
        kind: row.optionalText(5), name: row.optionalText(6)))
  }
}
