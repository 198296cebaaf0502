import GRDB

/// The tables of a directory file. A migration that was released is never changed; a new one is added.
enum DirectorySchema {
  /// `RcDr` in ASCII.
  static let applicationID: Int32 = 0x5263_4472

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (name, sql) in migrations {
      migrator.registerMigration(name) { try $0.execute(sql: sql) }
    }
    return migrator
  }

  /// In their order; the first marks the file as ours.
  private static let migrations = [
    ("v1", "PRAGMA application_id = \(applicationID);" + v1),
    // From where a write was asked for; NULL for what began on this machine.
    ("v2", "ALTER TABLE event ADD COLUMN address TEXT"),
    ("v3", v3),
    ("v4", AccessSchema.sqlite),
    ("v5", v5),
    ("outbound", ProvisioningSchema.sqlite),
    ("provider", ProviderSchema.sqlite),
    ("federation", FederationSchema.sqlite),
    ("signed-in", ProviderSchema.signedIn),
  ]

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

  /// Totals and offsets without a walk, filters by time, and keys of a limited length.
  private static let v3 = """
    CREATE INDEX resource_created ON resource (type, created);
    CREATE INDEX resource_modified ON resource (type, modified);

    -- How many resources there are in each span of 500 sequence numbers
    CREATE TABLE tally (
      type TEXT NOT NULL,
      span INTEGER NOT NULL,
      resources INTEGER NOT NULL,
      PRIMARY KEY (type, span)
    ) WITHOUT ROWID;
    INSERT INTO tally (type, span, resources) SELECT type, sequence / 500, count(*) FROM resource GROUP BY 1, 2;

    UPDATE OR REPLACE lookup SET value = substr(value, 1, 500) WHERE length(value) > 500;
    """

  /// The same in less room.
  private static let v5 = """
    -- The histories of resources, which lead back to what was created
    CREATE INDEX event_change ON event (id) WHERE action <> 'create';

    -- Most resources are never changed; of these `created` says when they were modified
    DROP INDEX resource_modified;
    CREATE INDEX resource_modified ON resource (type, modified) WHERE modified <> created;

    ALTER TABLE lookup RENAME TO lookup_v1;

    -- What stands in lookup for the attributes of a type
    CREATE TABLE lookup_attribute (
      number INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      attribute TEXT NOT NULL,
      UNIQUE (type, attribute)
    );
    INSERT INTO lookup_attribute (type, attribute) SELECT DISTINCT type, attribute FROM lookup_v1;

    -- What filters find quickly, folded as LookupKey folds it
    CREATE TABLE lookup (
      attribute INTEGER NOT NULL,
      value TEXT NOT NULL,
      resource INTEGER NOT NULL,
      PRIMARY KEY (attribute, value, resource)
    ) WITHOUT ROWID;
    INSERT INTO lookup (attribute, value, resource)
      SELECT number, value, resource FROM lookup_v1 JOIN lookup_attribute USING (type, attribute) ORDER BY 1, 2, 3;
    DROP TABLE lookup_v1;
    """
}
