import GRDB

/// The tables of a directory file. A migration that was released is never changed; a new one is added.
enum DirectorySchema {
  /// `RcDr` in ASCII.
  static let applicationID: Int32 = 0x5263_4472

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: v1)
    }
    migrator.registerMigration("v2") { db in
      // From where a write was asked for; NULL for what began on this machine.
      try db.execute(sql: "ALTER TABLE event ADD COLUMN address TEXT")
    }
    return migrator
  }

  private static let v1 = """
    CREATE TABLE resource (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of creation
      type TEXT NOT NULL,
      id TEXT NOT NULL UNIQUE,
      label TEXT NOT NULL,
      version INTEGER NOT NULL,
      created INTEGER NOT NULL,                   -- milliseconds since 1970
      modified INTEGER NOT NULL,
      document BLOB NOT NULL                      -- compact JSON
    );
    CREATE INDEX resource_type ON resource (type);

    -- What filters find quickly, folded as LookupKey folds it
    CREATE TABLE lookup (
      type TEXT NOT NULL,
      attribute TEXT NOT NULL,
      value TEXT NOT NULL,
      resource INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      PRIMARY KEY (type, attribute, value, resource)
    ) WITHOUT ROWID;
    CREATE INDEX lookup_resource ON lookup (resource);

    CREATE TABLE membership (
      container INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      member INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      attribute TEXT NOT NULL,
      PRIMARY KEY (container, member)
    ) WITHOUT ROWID;
    CREATE INDEX membership_member ON membership (member);

    -- Apart from the documents, so that no listing ever touches a hash
    CREATE TABLE password (
      resource INTEGER PRIMARY KEY REFERENCES resource (sequence) ON DELETE CASCADE,
      hash TEXT NOT NULL
    );

    CREATE TABLE event (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,                      -- milliseconds since 1970
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      type TEXT NOT NULL,
      id TEXT NOT NULL,
      detail BLOB NOT NULL                        -- compact JSON, see EventDetail
    );
    """
}
