extension StateSchema {
  /// In their order.
  static let postgreSQL = [("v1", v1), ("v2", v2)]

  /// As SQLite's second version has it. Texts compare byte by byte.
  private static let v1 = """
    CREATE TABLE entry (
      endpoint TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      remoteID TEXT NOT NULL,
      origin TEXT NOT NULL,
      applied BYTEA NOT NULL,                     -- compact JSON
      secretDigests BYTEA NOT NULL,               -- compact JSON
      onRemoval TEXT NOT NULL,
      grace DOUBLE PRECISION NOT NULL,            -- seconds
      disabledAt DOUBLE PRECISION,                -- seconds since 2001
      updatedAt DOUBLE PRECISION NOT NULL,
      PRIMARY KEY (endpoint, kind, name)
    );

    -- Evidence: each document names the hash of the one before. What stands beside it is copied from it, to find it by
    CREATE TABLE journal (
      sequence BIGINT PRIMARY KEY,                -- without gaps
      run TEXT COLLATE "C" NOT NULL,
      time BIGINT NOT NULL,                       -- milliseconds since 1970
      type TEXT NOT NULL,
      endpoint TEXT,
      kind TEXT COLLATE "C",
      name TEXT COLLATE "C",
      document BYTEA NOT NULL,                    -- canonical JSON
      hash BYTEA NOT NULL                         -- SHA-256 of the document
    );
    CREATE INDEX journal_run ON journal (run, sequence);
    CREATE INDEX journal_frame ON journal (sequence) WHERE type IN ('begun', 'ended');
    CREATE INDEX journal_resource ON journal (kind, name, sequence) WHERE type = 'intent';
    CREATE FUNCTION journal_keep() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the journal is only ever appended to'; END
    $$;
    CREATE TRIGGER journal_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
      FOR EACH STATEMENT EXECUTE FUNCTION journal_keep();

    -- Where it ends, so that a tail that was cut off is missed
    CREATE TABLE journalHead (
      onlyRow BIGINT PRIMARY KEY CHECK (onlyRow = 1),
      sequence BIGINT NOT NULL,
      hash BYTEA NOT NULL
    );

    -- Intents whose fact has not come
    CREATE TABLE openIntent (
      sequence BIGINT PRIMARY KEY,                -- of the journal
      endpoint TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      run TEXT NOT NULL,
      action TEXT NOT NULL
    );
    CREATE INDEX openIntent_resource ON openIntent (endpoint, kind, name);

    CREATE TABLE digestKey (
      onlyRow BIGINT PRIMARY KEY CHECK (onlyRow = 1),
      key BYTEA NOT NULL
    );

    -- A row stays when the lease is given back, for its token only ever grows
    CREATE TABLE lease (
      endpoint TEXT COLLATE "C" PRIMARY KEY,
      token BIGINT NOT NULL,
      holder TEXT,                                -- NULL when nobody holds it
      holderID TEXT,
      since BIGINT NOT NULL,
      expires BIGINT NOT NULL
    );

    CREATE TABLE endpointStatus (
      endpoint TEXT COLLATE "C" PRIMARY KEY,
      document BYTEA NOT NULL                     -- compact JSON
    );

    CREATE TABLE endpointOrder (
      endpoint TEXT COLLATE "C" PRIMARY KEY,
      document BYTEA NOT NULL                     -- compact JSON
    );

    CREATE TABLE endpointPlan (
      endpoint TEXT COLLATE "C" PRIMARY KEY,
      document BYTEA NOT NULL                     -- compact JSON
    );

    CREATE TABLE driftFinding (
      endpoint TEXT COLLATE "C" NOT NULL,
      fingerprint TEXT COLLATE "C" NOT NULL,
      document BYTEA NOT NULL,                    -- compact JSON
      PRIMARY KEY (endpoint, fingerprint)
    );

    CREATE TABLE driftSample (
      endpoint TEXT COLLATE "C" NOT NULL,
      time BIGINT NOT NULL,                       -- milliseconds since 1970
      document BYTEA NOT NULL,                    -- compact JSON
      PRIMARY KEY (endpoint, time)
    );
    CREATE INDEX driftSample_time ON driftSample (time);
    """

  /// As SQLite's third version has it.
  private static let v2 = """
    CREATE TABLE notification (
      name TEXT COLLATE "C" PRIMARY KEY,
      document BYTEA NOT NULL                     -- compact JSON
    );
    CREATE INDEX journal_decision ON journal (sequence) WHERE type = 'decision';
    """
}
