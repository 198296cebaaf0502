import LocalDirectory
import OpenID

/// Who has signed in. Lists are kept in lines.
extension SQLTransaction {
  private static var sessionColumns: String {
    "digest, id, subject, authenticated, methods, authenticators, credential, seen, expires, signed_in"
  }

  func insert(_ session: UserSession) throws {
    try connection.execute(
      "INSERT INTO user_session (\(Self.sessionColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      [
        session.digest.bytes, session.id, session.user, Timestamp.milliseconds(session.authenticatedAt),
        Self.lines(session.methods), Self.lines(session.authenticators.sorted()), session.credential,
        Timestamp.milliseconds(session.seenAt), Timestamp.milliseconds(session.expiresAt),
        Timestamp.milliseconds(session.signedInAt),
      ])
  }

  func session(with digest: TokenDigest) throws -> UserSession? {
    try connection.rows("SELECT \(Self.sessionColumns) FROM user_session WHERE digest = $1", [digest.bytes]) { row in
      UserSession(
        id: row.text(1), digest: digest, user: row.text(2),
        authenticatedAt: Timestamp.date(milliseconds: row.integer(3)),
        signedInAt: Timestamp.date(milliseconds: row.integer(9)), methods: Self.list(lines: row.text(4)),
        authenticators: Set(Self.list(lines: row.text(5))), credential: row.text(6),
        seenAt: Timestamp.date(milliseconds: row.integer(7)), expiresAt: Timestamp.date(milliseconds: row.integer(8)))
    }.first
  }

  func touchSession(_ digest: TokenDigest, at milliseconds: Int) throws {
    try connection.execute("UPDATE user_session SET seen = $1 WHERE digest = $2", [milliseconds, digest.bytes])
  }

  func forgetSession(_ digest: TokenDigest) throws {
    try connection.execute("DELETE FROM user_session WHERE digest = $1", [digest.bytes])
  }

  func endSession(_ id: String) throws {
    try connection.execute("DELETE FROM user_session WHERE id = $1", [id])
    _ = try removeGrants("session = $1", [id])
  }

  func endSessions(ofUser user: String) throws {
    try connection.execute("DELETE FROM user_session WHERE subject = $1", [user])
    _ = try removeGrants("subject = $1", [user])
  }

  func removeSessions(expiredBy time: Int, unseenSince idle: Int) throws {
    try connection.execute("DELETE FROM user_session WHERE expires <= $1 OR seen <= $2", [time, idle])
  }

  static func lines(_ list: [String]) -> String { list.joined(separator: "\n") }

  static func list(lines: String) -> [String] { lines.split(separator: "\n").map(String.init) }
}
