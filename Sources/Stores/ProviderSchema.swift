/// The tables of the OpenID provider: who has signed in, what they allowed, and the keys that tokens are signed with.
enum ProviderSchema {
  /// In SQLite.
  static let sqlite = """
    ALTER TABLE token ADD COLUMN subject TEXT;    -- the user whom the token is about
    ALTER TABLE token ADD COLUMN grant_id TEXT;   -- what the token came of
    CREATE INDEX token_grant ON token (grant_id) WHERE grant_id IS NOT NULL;

    CREATE TABLE user_session (
      digest BLOB PRIMARY KEY,                    -- SHA-256 of what the browser shows
      id TEXT NOT NULL,
      subject TEXT NOT NULL,
      authenticated INTEGER NOT NULL,             -- milliseconds since 1970, as all times
      methods TEXT NOT NULL,                      -- in lines, as the next
      authenticators TEXT NOT NULL,
      credential TEXT NOT NULL,
      seen INTEGER NOT NULL,
      expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX user_session_id ON user_session (id);
    CREATE INDEX user_session_subject ON user_session (subject);

    CREATE TABLE user_grant (
      id TEXT PRIMARY KEY,
      client TEXT NOT NULL,
      resource TEXT NOT NULL,                     -- what registers the client
      subject TEXT NOT NULL,
      session TEXT NOT NULL,
      scope TEXT NOT NULL,
      issuer TEXT NOT NULL,
      redirect TEXT NOT NULL,
      challenge TEXT,
      nonce TEXT,
      authenticated INTEGER NOT NULL,
      methods TEXT NOT NULL,
      credential TEXT NOT NULL,
      created INTEGER NOT NULL,
      expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX user_grant_session ON user_grant (session);
    CREATE INDEX user_grant_subject ON user_grant (subject);
    CREATE INDEX user_grant_expires ON user_grant (expires);

    CREATE TABLE grant_ticket (
      digest BLOB PRIMARY KEY,                    -- SHA-256 of a code or a refresh token
      grant_id TEXT NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      expires INTEGER NOT NULL,
      used INTEGER NOT NULL                       -- 0 or 1
    ) WITHOUT ROWID;
    CREATE INDEX grant_ticket_grant ON grant_ticket (grant_id);

    CREATE TABLE consent (
      subject TEXT NOT NULL,
      resource TEXT NOT NULL,
      scope TEXT NOT NULL,
      given INTEGER NOT NULL,
      PRIMARY KEY (subject, resource)
    ) WITHOUT ROWID;

    CREATE TABLE signing_key (
      id TEXT PRIMARY KEY,
      algorithm TEXT NOT NULL,
      public TEXT NOT NULL,                       -- a JSON Web Key
      sealed TEXT NOT NULL,                       -- with a key that is not in the database
      created INTEGER NOT NULL,
      retired INTEGER NOT NULL                    -- 0 for the key that signs
    ) WITHOUT ROWID;
    """

  /// In PostgreSQL.
  static let postgreSQL = """
    ALTER TABLE token ADD COLUMN subject TEXT COLLATE "C";  -- the user whom the token is about
    ALTER TABLE token ADD COLUMN grant_id TEXT COLLATE "C"; -- what the token came of
    CREATE INDEX token_grant ON token (grant_id) WHERE grant_id IS NOT NULL;

    CREATE TABLE user_session (
      digest BYTEA PRIMARY KEY,                   -- SHA-256 of what the browser shows
      id TEXT COLLATE "C" NOT NULL,
      subject TEXT COLLATE "C" NOT NULL,
      authenticated BIGINT NOT NULL,              -- milliseconds since 1970, as all times
      methods TEXT NOT NULL,                      -- in lines, as the next
      authenticators TEXT NOT NULL,
      credential TEXT NOT NULL,
      seen BIGINT NOT NULL,
      expires BIGINT NOT NULL
    );
    CREATE INDEX user_session_id ON user_session (id);
    CREATE INDEX user_session_subject ON user_session (subject);

    CREATE TABLE user_grant (
      id TEXT COLLATE "C" PRIMARY KEY,
      client TEXT NOT NULL,
      resource TEXT NOT NULL,                     -- what registers the client
      subject TEXT COLLATE "C" NOT NULL,
      session TEXT COLLATE "C" NOT NULL,
      scope TEXT NOT NULL,
      issuer TEXT NOT NULL,
      redirect TEXT NOT NULL,
      challenge TEXT,
      nonce TEXT,
      authenticated BIGINT NOT NULL,
      methods TEXT NOT NULL,
      credential TEXT NOT NULL,
      created BIGINT NOT NULL,
      expires BIGINT NOT NULL
    );
    CREATE INDEX user_grant_session ON user_grant (session);
    CREATE INDEX user_grant_subject ON user_grant (subject);
    CREATE INDEX user_grant_expires ON user_grant (expires);

    CREATE TABLE grant_ticket (
      digest BYTEA PRIMARY KEY,                   -- SHA-256 of a code or a refresh token
      grant_id TEXT COLLATE "C" NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      expires BIGINT NOT NULL,
      used BIGINT NOT NULL                        -- 0 or 1
    );
    CREATE INDEX grant_ticket_grant ON grant_ticket (grant_id);

    CREATE TABLE consent (
      subject TEXT COLLATE "C" NOT NULL,
      resource TEXT COLLATE "C" NOT NULL,
      scope TEXT NOT NULL,
      given BIGINT NOT NULL,
      PRIMARY KEY (subject, resource)
    );

    CREATE TABLE signing_key (
      id TEXT COLLATE "C" PRIMARY KEY,
      algorithm TEXT NOT NULL,
      public TEXT NOT NULL,                       -- a JSON Web Key
      sealed TEXT NOT NULL,                       -- with a key that is not in the database
      created BIGINT NOT NULL,
      retired BIGINT NOT NULL                     -- 0 for the key that signs
    );
    """

  /// When the browser came with a proof. Sessions of earlier releases had it with the proof.
  static let signedIn = """
    ALTER TABLE user_session ADD COLUMN signed_in BIGINT NOT NULL DEFAULT 0;
    UPDATE user_session SET signed_in = authenticated;
    """
}
