import JSON
import LocalDirectory

/// What nearly every request asks for, written once: a generic type keeps no statement.
private enum ResourceStatement {
  static let columns = "type, id, version, created, modified, document"
  static let byID = "SELECT \(columns) FROM resource WHERE id = $1 AND type = $2"
}

/// A transaction of the directory over a connection that has begun one.
struct SQLTransaction<Connection: SQLConnection> {
  static var columns: String { ResourceStatement.columns }
  private static var eventColumns: String { "sequence, time, actor, address, action, type, id, detail" }

  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// The query of the elements of a JSON array in a parameter.
  static func list(_ parameter: String) -> String { "SELECT value FROM \(Connection.elements(of: parameter))" }

  /// Any number of ids as one parameter. No resource has an id with a NUL, and PostgreSQL's JSON takes none.
  static func list(_ ids: some Sequence<String>) -> String {
    JSONValue.array(ids.lazy.filter { !$0.utf8.contains(0) }.map(JSONValue.string)).text
  }

  /// The resource in the first six columns of a row, which are ``columns``.
  func resource(_ row: Connection.Row) throws -> StoredResource {
    let head = head(row)
    guard let attributes = try json(row, 5, "the resource \(head.id)").object else {
      throw connection.unreadable("the resource \(head.id)")
    }
    return StoredResource(head, attributes: StoredDocument.decoded(attributes))
  }

  /// The same, with its attributes as the text that stands there.
  func text(_ row: Connection.Row) throws -> StoredText? {
    ShallowObject(try row.withBytes(5) { Array($0) }).map { StoredText(head(row), $0, name: StoredDocument.decoded) }
  }

  private func head(_ row: Connection.Row) -> ResourceHead {
    ResourceHead(
      type: row.text(0), id: row.text(1), version: row.integer(2),
      created: Timestamp.date(milliseconds: row.integer(3)), lastModified: Timestamp.date(milliseconds: row.integer(4)))
  }

  func json(_ row: Connection.Row, _ index: Int, _ what: @autoclosure () -> String) throws -> JSONValue {
    do {
      return try row.withBytes(index) { try JSONValue(parsing: $0) }
    } catch {
      throw connection.unreadable(what())
    }
  }

  private func event(_ row: Connection.Row) throws -> DirectoryEvent {
    let sequence = row.integer(0)
    guard let action = DirectoryEvent.Action(rawValue: row.text(4)) else {
      throw connection.unreadable("the event \(sequence)")
    }
    let detail = try json(row, 7, "the event \(sequence)")
    return DirectoryEvent(
      sequence: sequence, time: Timestamp.date(milliseconds: row.integer(1)),
      author: Author(name: row.text(2), address: row.optionalText(3)), action: action, resourceType: row.text(5),
      id: row.text(6), attributes: EventDetail.attributes(detail), membership: EventDetail.membership(detail),
      changesPassword: EventDetail.changesPassword(detail))
  }

  private func summaries(_ sql: String, _ parameters: [any SQLParameter]) throws -> [ResourceSummary] {
    try connection.rows(sql, parameters, summary)
  }

  /// The resource in the first three columns of a row.
  private func summary(_ row: Connection.Row) -> ResourceSummary {
    ResourceSummary(type: row.text(0), id: row.text(1), label: row.text(2))
  }
}

extension SQLTransaction: DirectoryReader {
  func resource(_ type: String, _ id: String) throws -> StoredResource? {
    try connection.rows(ResourceStatement.byID, [id, type], resource).first
  }

  func text(_ type: String, _ id: String) throws -> StoredText? {
    try connection.rows(ResourceStatement.byID, [id, type], text).first ?? nil
  }

  func texts(_ type: String, offset: Int, limit: Int) throws -> [StoredText]? {
    guard let start = try position(before: offset, in: type) else { return [] }
    let sql = "SELECT \(Self.columns) FROM resource WHERE type = $1 AND sequence > $2 ORDER BY sequence LIMIT $3"
    let texts = try connection.rows(sql, [type, start, limit], text)
    return texts.contains { $0 == nil } ? nil : texts.compactMap(\.self)
  }

  func page(_ type: String, offset: Int, limit: Int) throws -> [StoredResource] {
    guard let start = try position(before: offset, in: type) else { return [] }
    return try page(type, after: start, limit: limit).map(\.resource)
  }

  func page(_ type: String, after position: Int, limit: Int) throws -> [(position: Int, resource: StoredResource)] {
    let sql = """
      SELECT \(Self.columns), sequence FROM resource WHERE type = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
      """
    return try connection.rows(sql, [type, position, limit]) { (position: $0.integer(6), resource: try resource($0)) }
  }

  func summaries(of ids: [String]) throws -> [ResourceSummary] {
    try summaries(
      "SELECT type, id, label FROM resource WHERE id IN (\(Self.list("$1"))) ORDER BY sequence", [Self.list(ids)])
  }

  func members(of container: String, in attribute: String) throws -> [ResourceSummary] {
    let sql = """
      SELECT r.type, r.id, r.label FROM membership m CROSS JOIN resource r
      WHERE m.container = (SELECT sequence FROM resource WHERE id = $1) AND m.attribute = $2 AND r.sequence = m.member
      ORDER BY m.member
      """
    return try summaries(sql, [container, attribute])
  }

  func members(among ids: [String], of container: String, in attribute: String) throws -> Set<String> {
    let sql = """
      SELECT r.id FROM \(Connection.elements(of: "$1")) i CROSS JOIN resource r CROSS JOIN membership m
      WHERE r.id = i.value AND m.container = (SELECT sequence FROM resource WHERE id = $2) AND m.member = r.sequence
      AND m.attribute = $3
      """
    return Set(try connection.rows(sql, [Self.list(ids), container, attribute]) { $0.text(0) })
  }

  func containers(of members: [String]) throws -> [String: [ResourceSummary]] {
    if let only = members.first, members.count == 1 {
      let containers = try containers(ofOne: only)
      return containers.isEmpty ? [:] : [only: containers]
    }
    let sql = """
      SELECT r.type, r.id, r.label, u.id
      FROM \(Connection.elements(of: "$1")) i CROSS JOIN resource u CROSS JOIN membership m CROSS JOIN resource r
      WHERE u.id = i.value AND m.member = u.sequence AND r.sequence = m.container ORDER BY r.sequence
      """
    let places = try connection.rows(sql, [Self.list(members)]) { (member: $0.text(3), container: summary($0)) }
    return Dictionary(grouping: places, by: \.member).mapValues { $0.map(\.container) }
  }

  /// Those of one resource, by the shortest way.
  private func containers(ofOne member: String) throws -> [ResourceSummary] {
    let sql = """
      SELECT r.type, r.id, r.label FROM resource u CROSS JOIN membership m CROSS JOIN resource r
      WHERE u.id = $1 AND m.member = u.sequence AND r.sequence = m.container ORDER BY r.sequence
      """
    return try summaries(sql, [member])
  }

  func passwordHash(of id: String) throws -> String? {
    let sql = "SELECT hash FROM password WHERE resource = (SELECT sequence FROM resource WHERE id = $1)"
    return try connection.rows(sql, [id]) { $0.text(0) }.first
  }

  func events(after sequence: Int, limit: Int) throws -> [DirectoryEvent] {
    let sql = "SELECT \(Self.eventColumns) FROM event WHERE sequence > $1 ORDER BY sequence LIMIT $2"
    return try connection.rows(sql, [sequence, limit], event)
  }

  func lastEvent() throws -> Int {
    try connection.rows("SELECT coalesce(max(sequence), 0) FROM event", []) { $0.integer(0) }.first ?? 0
  }

  func changes(of id: String, after sequence: Int, limit: Int) throws -> [DirectoryEvent] {
    // By the index of changes, which has no creates.
    let sql = """
      SELECT \(Self.eventColumns) FROM event WHERE id = $1 AND sequence > $2 AND action <> 'create'
      ORDER BY sequence LIMIT $3
      """
    return try connection.rows(sql, [id, sequence, limit], event)
  }
}
