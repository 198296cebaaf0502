import Foundation
import GRDB
import JSON
import LocalDirectory
import SCIM

/// A transaction of the directory over a connection inside a transaction of SQLite.
struct SQLiteTransaction {
  let db: Database
  private let path: String

  init(_ db: Database, path: String) {
    self.db = db
    self.path = path
  }

  /// Runs a statement that is compiled once a connection.
  func execute(_ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  private func rows(_ sql: String, _ arguments: StatementArguments) throws -> RowCursor {
    try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
  }

  private func json(_ row: Row, _ index: Int, _ what: @autoclosure () -> String) throws -> JSONValue {
    do {
      return try row.withUnsafeData(atIndex: index) { try JSONValue(parsing: $0 ?? Data()) }
    } catch {
      throw StoreError.unreadable(what(), path: path)
    }
  }
}

extension SQLiteTransaction: DirectoryReader {
  private static let columns = "type, id, version, created, modified, document"

  func resource(_ type: String, _ id: String) throws -> StoredResource? {
    let sql = "SELECT \(Self.columns) FROM resource WHERE id = ? AND type = ?"
    return try rows(sql, [id, type]).map(resource).next()
  }

  func count(_ type: String) throws -> Int {
    let statement = try db.cachedStatement(sql: "SELECT count(*) FROM resource WHERE type = ?")
    return try Int.fetchOne(statement, arguments: [type]) ?? 0
  }

  /// The inner query walks over the index alone, so what is skipped is never read.
  func page(_ type: String, offset: Int, limit: Int) throws -> [StoredResource] {
    let sql = """
      SELECT \(Self.columns) FROM resource WHERE sequence IN
        (SELECT sequence FROM resource WHERE type = ? ORDER BY sequence LIMIT ? OFFSET ?) ORDER BY sequence
      """
    let cursor = try rows(sql, [type, limit, offset])
    return try Array(cursor.map(resource))
  }

  func scan(_ type: String, narrowedBy filter: Filter?, _ visit: (StoredResource) throws -> Void) throws {
    guard let narrowing = LookupKey.narrowing(filter) else {
      // Not cached: the visitor runs statements of its own while this one is under way.
      let sql = "SELECT \(Self.columns) FROM resource WHERE type = ? ORDER BY sequence"
      let cursor = try Row.fetchCursor(db, sql: sql, arguments: [type])
      while let row = try cursor.next() { try visit(try resource(row)) }
      return
    }
    for resource in try resources(try sequences(narrowing, type)) where resource.type == type { try visit(resource) }
  }

  func resources(with key: LookupKey, of type: String) throws -> [StoredResource] {
    try resources(try sequences(.keys([key]), type))
  }

  func summaries(of ids: [String]) throws -> [ResourceSummary] {
    let sql = """
      SELECT type, id, label FROM resource WHERE id IN (SELECT value FROM json_each(?)) ORDER BY sequence
      """
    return try summaries(sql, [Self.list(ids)])
  }

  func members(of container: String, in attribute: String) throws -> [ResourceSummary] {
    let sql = """
      SELECT r.type, r.id, r.label FROM membership m CROSS JOIN resource r ON r.sequence = m.member
      WHERE m.container = (SELECT sequence FROM resource WHERE id = ?) AND m.attribute = ? ORDER BY m.member
      """
    return try summaries(sql, [container, attribute])
  }

  func members(among ids: [String], of container: String, in attribute: String) throws -> Set<String> {
    let sql = """
      SELECT r.id FROM json_each(?) i CROSS JOIN resource r ON r.id = i.value CROSS JOIN membership m
        ON m.container = (SELECT sequence FROM resource WHERE id = ?) AND m.member = r.sequence
      WHERE m.attribute = ?
      """
    return try String.fetchSet(
      try db.cachedStatement(sql: sql), arguments: [Self.list(ids), container, attribute])
  }

  func containers(of member: String) throws -> [ResourceSummary] {
    let sql = """
      SELECT r.type, r.id, r.label FROM membership m CROSS JOIN resource r ON r.sequence = m.container
      WHERE m.member = (SELECT sequence FROM resource WHERE id = ?) ORDER BY r.sequence
      """
    return try summaries(sql, [member])
  }

  func passwordHash(of id: String) throws -> String? {
    let sql = "SELECT hash FROM password WHERE resource = (SELECT sequence FROM resource WHERE id = ?)"
    return try String.fetchOne(try db.cachedStatement(sql: sql), arguments: [id])
  }

  func events(after sequence: Int, limit: Int) throws -> [DirectoryEvent] {
    let sql = """
      SELECT sequence, time, actor, address, action, type, id, detail FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?
      """
    let cursor = try rows(sql, [sequence, limit])
    return try Array(cursor.map(event))
  }

  private func sequences(_ narrowing: LookupKey.Narrowing, _ type: String) throws -> Set<Int> {
    switch narrowing {
    case .ids(let ids):
      let sql = "SELECT sequence FROM resource WHERE id IN (SELECT value FROM json_each(?))"
      return try Int.fetchSet(try db.cachedStatement(sql: sql), arguments: [Self.list(ids)])
    case .keys(let keys):
      let sql = "SELECT resource FROM lookup WHERE type = ? AND attribute = ? AND value = ?"
      let statement = try db.cachedStatement(sql: sql)
      return try keys.reduce(into: []) { found, key in
        found.formUnion(try Int.fetchSet(statement, arguments: [type, key.attribute, key.value]))
      }
    }
  }

  private func resources(_ sequences: Set<Int>) throws -> [StoredResource] {
    try sequences.sorted().compactMap { sequence in
      try rows("SELECT \(Self.columns) FROM resource WHERE sequence = ?", [sequence]).map(resource).next()
    }
  }

  private func summaries(_ sql: String, _ arguments: StatementArguments) throws -> [ResourceSummary] {
    let cursor = try rows(sql, arguments)
    return try Array(cursor.map { ResourceSummary(type: $0[0], id: $0[1], label: $0[2]) })
  }

  /// Any number of ids as one argument: a JSON array.
  private static func list(_ ids: some Sequence<String>) -> String {
    JSONValue.array(ids.map(JSONValue.string)).text
  }

  private func resource(_ row: Row) throws -> StoredResource {
    let id: String = row[1]
    guard let attributes = try json(row, 5, "the resource \(id)").object else {
      throw StoreError.unreadable("the resource \(id)", path: path)
    }
    return StoredResource(
      type: row[0], id: id, attributes: attributes, version: row[2],
      created: Timestamp.date(milliseconds: row[3]), lastModified: Timestamp.date(milliseconds: row[4]))
  }

  private func event(_ row: Row) throws -> DirectoryEvent {
    let sequence: Int = row[0]
    guard let action = DirectoryEvent.Action(rawValue: row[4]) else {
      throw StoreError.unreadable("the event \(sequence)", path: path)
    }
    var event = DirectoryEvent(
      sequence: sequence, time: Timestamp.date(milliseconds: row[1]),
      author: Author(name: row[2], address: row[3]), action: action, resourceType: row[5], id: row[6])
    EventDetail.decode(try json(row, 7, "the event \(sequence)"), into: &event)
    return event
  }
}
