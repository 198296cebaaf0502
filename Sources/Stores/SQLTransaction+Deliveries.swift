import LocalDirectory

/// What connectors could not deliver.
extension SQLTransaction {
  func deliveries(of connector: String?) throws -> [Delivery] {
    let columns = "connector, type, id, state, attempts, since, due, reason"
    guard let connector else {
      return try connection.rows(
        "SELECT \(columns) FROM outbound_delivery ORDER BY connector, since, id", [], delivery)
    }
    return try connection.rows(
      "SELECT \(columns) FROM outbound_delivery WHERE connector = $1 ORDER BY since, id", [connector], delivery)
  }

  func save(_ delivery: Delivery) throws {
    let sql = """
      INSERT INTO outbound_delivery (connector, type, id, state, attempts, since, due, reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (connector, id) DO UPDATE SET type = excluded.type,
      state = excluded.state, attempts = excluded.attempts, since = excluded.since, due = excluded.due,
      reason = excluded.reason
      """
    try connection.execute(
      sql,
      [
        delivery.connector, delivery.type, delivery.id, delivery.state.rawValue, delivery.attempts,
        Timestamp.milliseconds(delivery.since), Timestamp.milliseconds(delivery.dueAt), delivery.reason,
      ])
  }

  func settle(_ ids: [String], of connector: String) throws {
    try remove(ids, of: connector, from: "outbound_delivery")
  }

  /// - Returns: how many there were.
  func retryDeliveries(of connector: String, id: String?, now: Int) throws -> Int {
    let sql = "UPDATE outbound_delivery SET state = $1, attempts = 0, due = $2 WHERE connector = $3"
    let parameters: [any SQLParameter] = [Delivery.State.waiting.rawValue, now, connector]
    return try count(sql, parameters, id: id)
  }

  /// - Returns: how many there were.
  func dropDeliveries(of connector: String, id: String?) throws -> Int {
    let passwords = """
      DELETE FROM outbound_password WHERE connector = $1 AND resource IN (
        SELECT r.sequence FROM outbound_delivery d JOIN resource r ON r.id = d.id WHERE d.connector = $2
      """
    if let id {
      try connection.execute(passwords + " AND d.id = $3)", [connector, connector, id])
    } else {
      try connection.execute(passwords + ")", [connector, connector])
    }
    return try count("DELETE FROM outbound_delivery WHERE connector = $1", [connector], id: id)
  }

  /// Runs a statement over the deliveries of a connector, or over one of them.
  private func count(_ sql: String, _ parameters: [any SQLParameter], id: String?) throws -> Int {
    guard let id else { return try connection.rows(sql + " RETURNING id", parameters) { $0.text(0) }.count }
    let one = "\(sql) AND id = $\(parameters.count + 1) RETURNING id"
    return try connection.rows(one, parameters + [id]) { $0.text(0) }.count
  }

  private func delivery(_ row: Connection.Row) throws -> Delivery {
    guard let state = Delivery.State(rawValue: row.text(3)) else {
      throw connection.unreadable("the delivery of \(row.text(2))")
    }
    return Delivery(
      connector: row.text(0), type: row.text(1), id: row.text(2), state: state, attempts: row.integer(4),
      since: Timestamp.date(milliseconds: row.integer(5)), dueAt: Timestamp.date(milliseconds: row.integer(6)),
      reason: row.text(7))
  }
}
