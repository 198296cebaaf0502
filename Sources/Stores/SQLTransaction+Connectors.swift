import Foundation
import LocalDirectory

/// The connectors of outbound provisioning: how far each is, and who works on it.
extension SQLTransaction {
  private static var stateColumns: String { "name, cursor, passed, failures, retry, failure" }

  /// nil while another owner's lease lasts. A connector that nobody knew is made.
  func lease(_ connector: String, to owner: String, until end: Int, now: Int) throws -> ConnectorState? {
    let sql = """
      INSERT INTO outbound_connector (name, owner, lease) VALUES ($1, $2, $3)
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease = excluded.lease
      WHERE outbound_connector.owner = excluded.owner OR outbound_connector.lease <= $4
      RETURNING \(Self.stateColumns)
      """
    return try connection.rows(sql, [connector, owner, end, now], state).first
  }

  func releaseLeases(of owner: String) throws {
    try connection.execute("UPDATE outbound_connector SET lease = 0 WHERE owner = $1", [owner])
  }

  func connectorStates() throws -> [ConnectorState] {
    try connection.rows("SELECT \(Self.stateColumns) FROM outbound_connector ORDER BY name", [], state)
  }

  /// Whether the lease was the owner's; nothing is written when it was not.
  func save(_ state: ConnectorState, by owner: String, now: Int) throws -> Bool {
    let sql = """
      UPDATE outbound_connector SET cursor = $1, passed = $2, failures = $3, retry = $4, failure = $5
      WHERE name = $6 AND owner = $7 AND lease > $8 RETURNING name
      """
    let parameters: [any SQLParameter] = [
      state.cursor ?? Self.noCursor, state.passedAt.map(Timestamp.milliseconds) ?? 0, state.failure?.count ?? 0,
      state.failure.map { Timestamp.milliseconds($0.retryAt) } ?? 0, state.failure?.reason, state.name, owner, now,
    ]
    return try !connection.rows(sql, parameters) { $0.text(0) }.isEmpty
  }

  private static var noCursor: Int { -1 }

  private func state(_ row: Connection.Row) -> ConnectorState {
    let (cursor, passed) = (row.integer(1), row.integer(2))
    return ConnectorState(
      name: row.text(0), cursor: cursor == Self.noCursor ? nil : cursor,
      passedAt: passed == 0 ? nil : Timestamp.date(milliseconds: passed),
      failure: row.optionalText(5).map { reason in
        ConnectorState.Failure(
          count: row.integer(3), retryAt: Timestamp.date(milliseconds: row.integer(4)), reason: reason)
      })
  }
}

/// The passwords that connectors have yet to deliver.
extension SQLTransaction {
  func keepPassword(_ sealed: String, of id: String, for connectors: [String]) throws {
    let sql = """
      INSERT INTO outbound_password (connector, resource, sealed) SELECT $1, sequence, $2 FROM resource WHERE id = $3
      ON CONFLICT (connector, resource) DO UPDATE SET sealed = excluded.sealed
      """
    for connector in connectors { try connection.execute(sql, [connector, sealed, id]) }
  }

  func sealedPasswords(for connector: String) throws -> [String: String] {
    let sql = """
      SELECT r.id, p.sealed FROM outbound_password p JOIN resource r ON r.sequence = p.resource WHERE p.connector = $1
      """
    let rows = try connection.rows(sql, [connector]) { ($0.text(0), $0.text(1)) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  /// Erases a password unless there is a newer one.
  func erasePassword(_ sealed: String, of id: String, for connector: String) throws {
    let sql = """
      DELETE FROM outbound_password WHERE connector = $1 AND sealed = $2
      AND resource = (SELECT sequence FROM resource WHERE id = $3)
      """
    try connection.execute(sql, [connector, sealed, id])
  }

  func erasePasswords(exceptFor connectors: Set<String>) throws {
    try connection.execute(
      "DELETE FROM outbound_password WHERE connector NOT IN (\(Self.list("$1")))", [Self.list(connectors.sorted())])
  }
}
