import LocalDirectory
import OpenID

/// What users have allowed clients, and what comes of it.
extension SQLTransaction {
  private static var grantColumns: String {
    """
    g.id, g.client, g.resource, g.subject, g.session, g.scope, g.issuer, g.redirect, g.challenge, g.nonce, \
    g.authenticated, g.methods, g.credential, g.created, g.expires
    """
  }

  func insert(_ grant: Grant, code: GrantTicket) throws {
    try connection.execute(
      """
      INSERT INTO user_grant (id, client, resource, subject, session, scope, issuer, redirect, challenge, nonce,
        authenticated, methods, credential, created, expires)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      """,
      [
        grant.id, grant.client, grant.resource, grant.user, grant.session, grant.scopes.description, grant.issuer,
        grant.redirectURI, grant.challenge?.text, grant.nonce, Timestamp.milliseconds(grant.authenticatedAt),
        Self.lines(grant.methods), grant.credential, Timestamp.milliseconds(grant.createdAt),
        Timestamp.milliseconds(grant.expiresAt),
      ])
    try insert(code)
  }

  func ticket(with digest: TokenDigest) throws -> (ticket: GrantTicket, grant: Grant)? {
    let sql = """
      SELECT \(Self.grantColumns), t.kind, t.expires, t.used FROM grant_ticket t JOIN user_grant g ON g.id = t.grant_id
      WHERE t.digest = $1
      """
    return try connection.rows(sql, [digest.bytes]) { row -> (ticket: GrantTicket, grant: Grant) in
      let grant: Grant = try self.grant(row)
      guard let kind = GrantTicket.Kind(rawValue: row.text(15)) else {
        throw connection.unreadable("the grant \(grant.id)")
      }
      let ticket = GrantTicket(
        digest: digest, kind: kind, grant: grant.id, expiresAt: Timestamp.date(milliseconds: row.integer(16)),
        isUsed: row.integer(17) != 0)
      return (ticket: ticket, grant: grant)
    }.first
  }

  func redeem(_ digest: TokenDigest, for access: AccessToken, _ refresh: GrantTicket?) throws -> Bool {
    let first = try connection.rows(
      "UPDATE grant_ticket SET used = 1 WHERE digest = $1 AND used = 0 RETURNING grant_id", [digest.bytes]
    ) { $0.text(0) }.first
    guard let grant = first else {
      _ = try removeGrants("id = (SELECT grant_id FROM grant_ticket WHERE digest = $1)", [digest.bytes])
      return false
    }
    _ = try insert(access)
    if let refresh { try insert(refresh) }
    try connection.execute(
      "UPDATE user_grant SET expires = $1 WHERE id = $2",
      [Timestamp.milliseconds(Grant.expiry(access, refresh)), grant])
    return true
  }

  func grant(_ id: String) throws -> Grant? {
    try connection.rows("SELECT \(Self.grantColumns) FROM user_grant g WHERE g.id = $1", [id], grant).first
  }

  func removeGrants(expiredBy milliseconds: Int) throws {
    _ = try removeGrants("expires <= $1", [milliseconds])
    try connection.execute(
      "DELETE FROM grant_ticket WHERE kind = $1 AND expires <= $2", [GrantTicket.Kind.refresh.rawValue, milliseconds])
  }

  /// Removes grants with all that came of them.
  /// - Parameter condition: over the columns of `user_grant`.
  /// - Returns: whether there were any.
  func removeGrants(_ condition: String, _ parameters: [any SQLParameter]) throws -> Bool {
    try connection.execute(
      "DELETE FROM token WHERE grant_id IN (SELECT id FROM user_grant WHERE \(condition))", parameters)
    return try !connection.rows("DELETE FROM user_grant WHERE \(condition) RETURNING id", parameters) { $0.text(0) }
      .isEmpty
  }

  private func insert(_ ticket: GrantTicket) throws {
    try connection.execute(
      "INSERT INTO grant_ticket (digest, grant_id, kind, expires, used) VALUES ($1, $2, $3, $4, $5)",
      [
        ticket.digest.bytes, ticket.grant, ticket.kind.rawValue, Timestamp.milliseconds(ticket.expiresAt),
        ticket.isUsed ? 1 : 0,
      ])
  }

  private func grant(_ row: Connection.Row) throws -> Grant {
    guard let scopes = try? Scopes(parsing: row.text(5)) else {
      throw connection.unreadable("the grant \(row.text(0))")
    }
    return Grant(
      id: row.text(0), client: row.text(1), resource: row.text(2), user: row.text(3), session: row.text(4),
      scopes: scopes, issuer: row.text(6), redirectURI: row.text(7),
      challenge: row.optionalText(8).map(CodeChallenge.init(checked:)), nonce: row.optionalText(9),
      authenticatedAt: Timestamp.date(milliseconds: row.integer(10)), methods: Self.list(lines: row.text(11)),
      credential: row.text(12), createdAt: Timestamp.date(milliseconds: row.integer(13)),
      expiresAt: Timestamp.date(milliseconds: row.integer(14)))
  }
}
