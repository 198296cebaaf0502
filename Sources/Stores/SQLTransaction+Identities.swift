import LocalDirectory
import OpenID

/// Who users are at other providers.
extension SQLTransaction {
  func user(of identity: FederatedIdentity) throws -> String? {
    let sql = """
      SELECT r.id FROM user_identity i CROSS JOIN resource r
      WHERE i.issuer = $1 AND i.subject = $2 AND r.sequence = i.resource
      """
    return try connection.rows(sql, [identity.issuer, identity.subject]) { $0.text(0) }.first
  }

  func identities(of user: String) throws -> [FederatedIdentity] {
    let sql = """
      SELECT issuer, subject FROM user_identity WHERE resource = (SELECT sequence FROM resource WHERE id = $1)
      ORDER BY issuer
      """
    return try connection.rows(sql, [user]) { FederatedIdentity(issuer: $0.text(0), subject: $0.text(1)) }
  }

  func add(_ identity: FederatedIdentity, to user: String) throws {
    try connection.execute(
      "INSERT INTO user_identity (issuer, subject, resource) SELECT $1, $2, sequence FROM resource WHERE id = $3",
      [identity.issuer, identity.subject, user])
  }
}
