import Foundation
import Reconciliation

extension StateTransaction {
  /// - Parameter isGone: whether a holder has ended without giving its lease back.
  /// - Throws: `LeaseError.held`.
  func acquire(
    _ endpoints: [String], for holder: LeaseHolder, lasting duration: Duration,
    evicting isGone: (LeaseHolder) -> Bool
  ) throws -> [Lease] {
    let held = try leases().filter { endpoints.contains($0.endpoint) && !isGone($0.holder) }
    guard held.isEmpty else { throw LeaseError.held(held) }
    let now = try time()
    let sql = """
      INSERT INTO lease (endpoint, holder, holderID, token, since, expires)
      VALUES ($1, $2, $3, 1, $4, $5)
      ON CONFLICT (endpoint) DO UPDATE SET
        token = lease.token + 1, holder = excluded.holder, holderID = excluded.holderID, since = excluded.since,
        expires = excluded.expires
      RETURNING \(Self.leaseColumns)
      """
    return try endpoints.flatMap { endpoint in
      try connection.rows(sql, [endpoint, holder.name, holder.id, now, now + duration.milliseconds], lease)
    }
  }

  /// - Throws: `LeaseError.lost`.
  func renew(_ lease: Lease, lasting duration: Duration) throws -> Lease {
    let sql = """
      UPDATE lease SET expires = \(Connection.now) + $1 WHERE endpoint = $2 AND token = $3 AND holder IS NOT NULL
      RETURNING \(Self.leaseColumns)
      """
    let parameters: [any SQLParameter] = [duration.milliseconds, lease.endpoint, lease.token]
    guard let renewed = try connection.rows(sql, parameters, self.lease).first else {
      throw LeaseError.lost(endpoint: lease.endpoint)
    }
    return renewed
  }

  func release(_ lease: Lease) throws {
    try connection.execute(
      "UPDATE lease SET holder = NULL, holderID = NULL, expires = 0 WHERE endpoint = $1 AND token = $2",
      [lease.endpoint, lease.token])
  }

  /// Those in force.
  func leases() throws -> [Lease] { try leases(where: "expires > \(Connection.now)") }

  /// Those that ran out and were not given back.
  func lapsedLeases() throws -> [Lease] { try leases(where: "expires <= \(Connection.now)") }

  private func leases(where condition: String) throws -> [Lease] {
    let sql = "SELECT \(Self.leaseColumns) FROM lease WHERE holder IS NOT NULL AND \(condition) ORDER BY endpoint"
    return try connection.rows(sql, [], lease)
  }

  private func time() throws -> Int {
    try connection.rows("SELECT \(Connection.now)", []) { $0.integer(0) }.first ?? 0
  }

  /// - Throws: `LeaseError.lost` when there is a later lease of the endpoint.
  func check(_ lease: Lease) throws {
    let tokens = try connection.rows("SELECT token FROM lease WHERE endpoint = $1", [lease.endpoint]) { $0.integer(0) }
    guard tokens == [lease.token] else { throw LeaseError.lost(endpoint: lease.endpoint) }
  }

  private static var leaseColumns: String { "endpoint, holder, holderID, token, since, expires" }

  private func lease(_ row: Connection.Row) -> Lease {
    Lease(
      endpoint: row.text(0), holder: LeaseHolder(name: row.text(1), id: row.text(2)), token: row.integer(3),
      since: Date(milliseconds: row.integer(4)), expires: Date(milliseconds: row.integer(5)))
  }
}

extension Duration {
  fileprivate var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}
