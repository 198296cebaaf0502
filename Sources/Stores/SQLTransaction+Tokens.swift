import LocalDirectory
import OpenID

/// The tokens of the server. An expiry of 0 is none.
extension SQLTransaction {
  private static var tokenColumns: String { "digest, kind, name, resource, scope, issued, expires, subject, grant_id" }

  /// False, and nothing is written, when there is a service token of this name.
  func insert(_ token: AccessToken) throws -> Bool {
    let (kind, resource, subject, grant) = Self.columns(of: token.holder)
    if kind == Self.service, try !serviceTokens(named: token.holder.name).isEmpty { return false }
    try connection.execute(
      "INSERT INTO token (\(Self.tokenColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      [
        token.digest.bytes, kind, token.holder.name, resource, token.scopes.description,
        Timestamp.milliseconds(token.issuedAt), token.expiresAt.map(Timestamp.milliseconds) ?? 0,
        subject, grant,
      ])
    return true
  }

  func token(with digest: TokenDigest) throws -> AccessToken? {
    try connection.rows("SELECT \(Self.tokenColumns) FROM token WHERE digest = $1", [digest.bytes], token).first
  }

  func serviceTokens() throws -> [AccessToken] {
    try connection.rows(
      "SELECT \(Self.tokenColumns) FROM token WHERE kind = $1 ORDER BY name", [Self.service], token)
  }

  /// Whether it was there.
  func removeToken(with digest: TokenDigest) throws -> Bool {
    try !connection.rows("DELETE FROM token WHERE digest = $1 RETURNING name", [digest.bytes]) { $0.text(0) }.isEmpty
  }

  func removeTokens(expiredBy milliseconds: Int) throws {
    try connection.execute("DELETE FROM token WHERE expires > 0 AND expires <= $1", [milliseconds])
  }

  private func serviceTokens(named name: String) throws -> [AccessToken] {
    try connection.rows(
      "SELECT \(Self.tokenColumns) FROM token WHERE kind = $1 AND name = $2", [Self.service, name], token)
  }

  private func token(_ row: Connection.Row) throws -> AccessToken {
    let name = row.text(2)
    guard let holder = Self.holder(row, name), let scopes = try? Scopes(parsing: row.text(4)) else {
      throw connection.unreadable("the token \(name)")
    }
    let expiry = row.integer(6)
    return AccessToken(
      digest: TokenDigest(bytes: try row.withBytes(0) { Array($0) }), holder: holder, scopes: scopes,
      issuedAt: Timestamp.date(milliseconds: row.integer(5)),
      expiresAt: expiry == 0 ? nil : Timestamp.date(milliseconds: expiry))
  }

  private static var service: String { "service" }
  private static var client: String { "client" }
  private static var user: String { "user" }

  private static func columns(
    of holder: AccessToken.Holder
  ) -> (kind: String, resource: String?, subject: String?, grant: String?) {
    switch holder {
    case .service: (service, nil, nil, nil)
    case .client(_, let resource): (client, resource, nil, nil)
    case .user(let id, _, let resource, let grant): (user, resource, id, grant)
    }
  }

  private static func holder(_ row: Connection.Row, _ name: String) -> AccessToken.Holder? {
    switch (row.text(1), row.optionalText(3), row.optionalText(7), row.optionalText(8)) {
    case (service, nil, _, _): .service(name: name)
    case (client, let resource?, _, _): .client(id: name, resource: resource)
    case (user, let resource?, let id?, let grant?): .user(id: id, client: name, resource: resource, grant: grant)
    default: nil
    }
  }
}
