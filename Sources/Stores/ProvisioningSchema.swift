/// The tables of outbound provisioning: how far each connector is, what it knows and what it has yet to do.
enum ProvisioningSchema {
  /// In SQLite.
  static let sqlite = """
    CREATE TABLE outbound_connector (
      name TEXT PRIMARY KEY,                      -- identity provider and connector: is2/scim
      cursor INTEGER NOT NULL DEFAULT -1,         -- the last event that is dealt with; -1 before the first full pass
      passed INTEGER NOT NULL DEFAULT 0,          -- end of the last full pass, milliseconds since 1970; 0 for none
      failures INTEGER NOT NULL DEFAULT 0,
      retry INTEGER NOT NULL DEFAULT 0,           -- milliseconds since 1970
      failure TEXT,
      owner TEXT NOT NULL,
      lease INTEGER NOT NULL                      -- its end, milliseconds since 1970
    ) WITHOUT ROWID;

    CREATE TABLE outbound_link (
      connector TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      remote TEXT NOT NULL,
      adopted INTEGER NOT NULL,
      applied BLOB NOT NULL,                      -- compact JSON
      modified INTEGER NOT NULL,                  -- milliseconds since 1970
      PRIMARY KEY (connector, id)
    ) WITHOUT ROWID;
    CREATE INDEX outbound_link_remote ON outbound_link (connector, remote);

    CREATE TABLE outbound_delivery (
      connector TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      since INTEGER NOT NULL,                     -- milliseconds since 1970
      due INTEGER NOT NULL,                       -- milliseconds since 1970
      reason TEXT NOT NULL,
      PRIMARY KEY (connector, id)
    ) WITHOUT ROWID;

    -- What came in by an application that provisions elsewhere
    CREATE TABLE outbound_exemption (
      connector TEXT NOT NULL,
      id TEXT NOT NULL,
      PRIMARY KEY (connector, id)
    ) WITHOUT ROWID;

    -- Sealed with a key that is not in the database, and gone once it is delivered
    CREATE TABLE outbound_password (
      connector TEXT NOT NULL,
      resource INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      sealed TEXT NOT NULL,
      PRIMARY KEY (connector, resource)
    ) WITHOUT ROWID;
    CREATE INDEX outbound_password_resource ON outbound_password (resource);
    """

  /// In PostgreSQL.
  static let postgreSQL = """
    CREATE TABLE outbound_connector (
      name TEXT COLLATE "C" PRIMARY KEY,          -- identity provider and connector: is2/scim
      cursor BIGINT NOT NULL DEFAULT -1,          -- the last event that is dealt with; -1 before the first full pass
      passed BIGINT NOT NULL DEFAULT 0,           -- end of the last full pass, milliseconds since 1970; 0 for none
      failures BIGINT NOT NULL DEFAULT 0,
      retry BIGINT NOT NULL DEFAULT 0,            -- milliseconds since 1970
      failure TEXT,
      owner TEXT NOT NULL,
      lease BIGINT NOT NULL                       -- its end, milliseconds since 1970
    );

    CREATE TABLE outbound_link (
      connector TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      type TEXT NOT NULL,
      remote TEXT COLLATE "C" NOT NULL,
      adopted BIGINT NOT NULL,
      applied BYTEA NOT NULL,                     -- compact JSON
      modified BIGINT NOT NULL,                   -- milliseconds since 1970
      PRIMARY KEY (connector, id)
    );
    CREATE INDEX outbound_link_remote ON outbound_link (connector, remote);

    CREATE TABLE outbound_delivery (
      connector TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      type TEXT NOT NULL,
      state TEXT NOT NULL,
      attempts BIGINT NOT NULL,
      since BIGINT NOT NULL,                      -- milliseconds since 1970
      due BIGINT NOT NULL,                        -- milliseconds since 1970
      reason TEXT NOT NULL,
      PRIMARY KEY (connector, id)
    );

    -- What came in by an application that provisions elsewhere
    CREATE TABLE outbound_exemption (
      connector TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      PRIMARY KEY (connector, id)
    );

    -- Sealed with a key that is not in the database, and gone once it is delivered
    CREATE TABLE outbound_password (
      connector TEXT COLLATE "C" NOT NULL,
      resource BIGINT NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      sealed TEXT NOT NULL,
      PRIMARY KEY (connector, resource)
    );
    CREATE INDEX outbound_password_resource ON outbound_password (resource);
    """
}
