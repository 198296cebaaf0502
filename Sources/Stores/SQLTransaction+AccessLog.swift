import LocalDirectory

/// What happened to the access to the server.
extension SQLTransaction {
  func append(_ event: AccessEvent) throws {
    try connection.execute(
      "INSERT INTO access (time, kind, actor, address, detail) VALUES ($1, $2, $3, $4, $5)",
      [
        Timestamp.milliseconds(event.time), event.kind.rawValue, event.author.name, event.author.address, event.detail,
      ])
    try connection.execute(
      "DELETE FROM access WHERE sequence <= (SELECT max(sequence) FROM access) - $1", [AccessLogLimits.capacity])
  }

  func accessEvents(after sequence: Int, limit: Int) throws -> [AccessEvent] {
    let sql = """
      SELECT sequence, time, kind, actor, address, detail FROM access WHERE sequence > $1 ORDER BY sequence LIMIT $2
      """
    return try connection.rows(sql, [sequence, limit]) { row in
      guard let kind = AccessEvent.Kind(rawValue: row.text(2)) else {
        throw connection.unreadable("the access event \(row.integer(0))")
      }
      return AccessEvent(
        sequence: row.integer(0), time: Timestamp.date(milliseconds: row.integer(1)), kind: kind,
        author: Author(name: row.text(3), address: row.optionalText(4)), detail: row.text(5))
    }
  }

  func lastAccessEvent() throws -> Int {
    try connection.rows("SELECT coalesce(max(sequence), 0) FROM access", []) { $0.integer(0) }.first ?? 0
  }
}
