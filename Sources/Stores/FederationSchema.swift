/// The table of the identities that users have at other providers.
enum FederationSchema {
  /// In SQLite.
  static let sqlite = """
    CREATE TABLE user_identity (
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      resource INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      PRIMARY KEY (issuer, subject)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX user_identity_resource ON user_identity (resource, issuer);
    """

  /// In PostgreSQL.
  static let postgreSQL = """
    CREATE TABLE user_identity (
      issuer TEXT COLLATE "C" NOT NULL,
      subject TEXT COLLATE "C" NOT NULL,
      resource BIGINT NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      PRIMARY KEY (issuer, subject)
    );
    CREATE UNIQUE INDEX user_identity_resource ON user_identity (resource, issuer);
    """
}
