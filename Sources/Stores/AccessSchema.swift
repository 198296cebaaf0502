/// The tables of the access to the server: tokens, and what happened to them and to logins.
enum AccessSchema {
  /// In SQLite.
  static let sqlite = """
    CREATE TABLE token (
      digest BLOB PRIMARY KEY,                    -- SHA-256; the token itself is nowhere
      kind TEXT NOT NULL,
      name TEXT NOT NULL,                         -- of the machine or the client
      resource TEXT,                              -- what registers the client
      scope TEXT NOT NULL,
      issued INTEGER NOT NULL,                    -- milliseconds since 1970
      expires INTEGER NOT NULL                    -- 0 for never
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX token_service ON token (name) WHERE kind = 'service';
    CREATE INDEX token_expires ON token (expires);

    CREATE TABLE access (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,                      -- milliseconds since 1970
      kind TEXT NOT NULL,
      actor TEXT NOT NULL,
      address TEXT,
      detail TEXT NOT NULL
    );
    """

  /// In PostgreSQL.
  static let postgreSQL = """
    CREATE TABLE token (
      digest BYTEA PRIMARY KEY,                   -- SHA-256; the token itself is nowhere
      kind TEXT NOT NULL,
      name TEXT COLLATE "C" NOT NULL,             -- of the machine or the client
      resource TEXT,                              -- what registers the client
      scope TEXT NOT NULL,
      issued BIGINT NOT NULL,                     -- milliseconds since 1970
      expires BIGINT NOT NULL                     -- 0 for never
    );
    CREATE UNIQUE INDEX token_service ON token (name) WHERE kind = 'service';
    CREATE INDEX token_expires ON token (expires);

    CREATE TABLE access (
      sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      time BIGINT NOT NULL,                       -- milliseconds since 1970
      kind TEXT NOT NULL,
      actor TEXT NOT NULL,
      address TEXT,
      detail TEXT NOT NULL
    );
    """
}
