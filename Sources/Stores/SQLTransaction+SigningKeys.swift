import LocalDirectory
import OpenID

/// The keys that tokens are signed with, and what users have agreed to. A retirement at 0 is none.
extension SQLTransaction {
  func signingKeys() throws -> [SigningKey] {
    let sql = "SELECT id, algorithm, public, sealed, created, retired FROM signing_key ORDER BY created, id"
    return try connection.rows(sql, []) { row in
      guard let algorithm = SignatureAlgorithm(rawValue: row.text(1)) else {
        throw connection.unreadable("the key \(row.text(0))")
      }
      let retired = row.integer(5)
      return SigningKey(
        id: row.text(0), algorithm: algorithm, publicKey: row.text(2), sealedKey: row.text(3),
        createdAt: Timestamp.date(milliseconds: row.integer(4)),
        retiredAt: retired == 0 ? nil : Timestamp.date(milliseconds: retired))
    }
  }

  /// False, and nothing is written, when there is a key that the caller does not know.
  func rotate(to keys: [SigningKey], knowing known: Set<String>) throws -> Bool {
    guard try signingKeys().allSatisfy({ known.contains($0.id) }) else { return false }
    for key in keys {
      let created = Timestamp.milliseconds(key.createdAt)
      try connection.execute(
        "UPDATE signing_key SET retired = $1 WHERE algorithm = $2 AND retired = 0", [created, key.algorithm.rawValue])
      try connection.execute(
        "INSERT INTO signing_key (id, algorithm, public, sealed, created, retired) VALUES ($1, $2, $3, $4, $5, $6)",
        [
          key.id, key.algorithm.rawValue, key.publicKey, key.sealedKey, created,
          key.retiredAt.map(Timestamp.milliseconds) ?? 0,
        ])
    }
    return true
  }

  func removeSigningKeys(retiredBy milliseconds: Int) throws {
    try connection.execute("DELETE FROM signing_key WHERE retired > 0 AND retired <= $1", [milliseconds])
  }

  func consent(of user: String, to resource: String) throws -> Consent? {
    let sql = "SELECT scope, given FROM consent WHERE subject = $1 AND resource = $2"
    return try connection.rows(sql, [user, resource]) { row in
      guard let scopes = try? Scopes(parsing: row.text(0)) else { throw connection.unreadable("a consent of \(user)") }
      return Consent(
        user: user, resource: resource, scopes: scopes, givenAt: Timestamp.date(milliseconds: row.integer(1)))
    }.first
  }

  func save(_ consent: Consent) throws {
    try connection.execute(
      """
      INSERT INTO consent (subject, resource, scope, given) VALUES ($1, $2, $3, $4)
      ON CONFLICT (subject, resource) DO UPDATE SET scope = excluded.scope, given = excluded.given
      """,
      [consent.user, consent.resource, consent.scopes.description, Timestamp.milliseconds(consent.givenAt)])
  }
}
