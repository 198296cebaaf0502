/// The tables of a directory in PostgreSQL, in a schema of their own. A migration that was released is never changed; a
/// new one is added.
enum PostgreSQLSchema {
  /// In their order.
  static let migrations = [
    ("v1", v1), ("v2", AccessSchema.postgreSQL), ("v3", v3), ("outbound", ProvisioningSchema.postgreSQL),
    ("provider", ProviderSchema.postgreSQL), ("federation", FederationSchema.postgreSQL),
    ("signed-in", ProviderSchema.signedIn),
  ]

  /// As ``DirectorySchema`` has them. Texts compare byte by byte, so that a beginning is a range of the index.
  private static let v1 = """
    CREATE TABLE resource (
      sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the order of creation
      type TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL UNIQUE,
      label TEXT NOT NULL,
      version BIGINT NOT NULL,
      created BIGINT NOT NULL,                    -- milliseconds since 1970
      modified BIGINT NOT NULL,
      document BYTEA NOT NULL                     -- compact JSON
    );
    CREATE INDEX resource_type ON resource (type, sequence);
    CREATE INDEX resource_created ON resource (type, created);
    CREATE INDEX resource_modified ON resource (type, modified);

    -- How many resources there are in each span of 500 sequence numbers
    CREATE TABLE tally (
      type TEXT COLLATE "C" NOT NULL,
      span BIGINT NOT NULL,
      resources BIGINT NOT NULL,
      PRIMARY KEY (type, span)
    );

    -- What filters find quickly, folded as LookupKey folds it
    CREATE TABLE lookup (
      type TEXT COLLATE "C" NOT NULL,
      attribute TEXT COLLATE "C" NOT NULL,
      value TEXT COLLATE "C" NOT NULL,
      resource BIGINT NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      PRIMARY KEY (type, attribute, value, resource)
    );
    CREATE INDEX lookup_resource ON lookup (resource);

    CREATE TABLE membership (
      container BIGINT NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      member BIGINT NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
      attribute TEXT NOT NULL,
      PRIMARY KEY (container, member)
    );
    CREATE INDEX membership_member ON membership (member);

    -- Apart from the documents, so that no listing ever touches a hash
    CREATE TABLE password (
      resource BIGINT PRIMARY KEY REFERENCES resource (sequence) ON DELETE CASCADE,
      hash TEXT NOT NULL
    );

    CREATE TABLE event (
      sequence BIGINT PRIMARY KEY,
      time BIGINT NOT NULL,                       -- milliseconds since 1970
      actor TEXT NOT NULL,
      address TEXT,                               -- from where it was asked for; NULL for the machine of the server
      action TEXT NOT NULL,
      type TEXT NOT NULL,
      id TEXT NOT NULL,
      detail BYTEA NOT NULL                       -- compact JSON, see EventDetail
    );

    -- Without gaps, unlike a sequence: writers take turns, and what is undone gives its number back
    CREATE FUNCTION next_event() RETURNS BIGINT LANGUAGE SQL
      AS 'SELECT coalesce(max(sequence), 0) + 1 FROM rollcall.event';
    ALTER TABLE event ALTER COLUMN sequence SET DEFAULT next_event();
    """

  /// As ``DirectorySchema`` has it: the same in less room.
  private static let v3 = """
    CREATE INDEX event_change ON event (id, sequence) WHERE action <> 'create';

    DROP INDEX resource_modified;
    CREATE INDEX resource_modified ON resource (type, modified) WHERE modified <> created;

    ALTER TABLE lookup RENAME TO lookup_v1;

    -- What stands in lookup for the attributes of a type
    CREATE TABLE lookup_attribute (
      number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      type TEXT COLLATE "C" NOT NULL,
      attribute TEXT COLLATE "C" NOT NULL,
      UNIQUE (type, attribute)
    );
    INSERT INTO lookup_attribute (type, attribute) SELECT DISTINCT type, attribute FROM lookup_v1;

    -- What filters find quickly, folded as LookupKey folds it
    CREATE TABLE lookup (
      attribute BIGINT NOT NULL,
      value TEXT COLLATE "C" NOT NULL,
      resource BIGINT NOT NULL,
      PRIMARY KEY (attribute, value, resource)
    );
    INSERT INTO lookup (attribute, value, resource)
      SELECT number, value, resource FROM lookup_v1 JOIN lookup_attribute USING (type, attribute);
    DROP TABLE lookup_v1;
    """
}
