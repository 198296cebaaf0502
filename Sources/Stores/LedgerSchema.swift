import GRDB

/// The tables of a state file. A migration that was released is never changed; a new one is added.
enum LedgerSchema {
  /// `RcSt` in ASCII.
  static let applicationID: Int32 = 0x5263_5374

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: v1)
    }
    return migrator
  }

  /// Times are seconds since 2001, as `Date` counts, so that they come back exactly.
  private static let v1 = """
    CREATE TABLE entry (
      endpoint TEXT NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      remoteID TEXT NOT NULL,
      origin TEXT NOT NULL,
      applied BLOB NOT NULL,                      -- compact JSON
      secretDigests BLOB NOT NULL,                -- compact JSON
      onRemoval TEXT NOT NULL,
      grace REAL NOT NULL,                        -- seconds
      disabledAt REAL,
      updatedAt REAL NOT NULL,
      PRIMARY KEY (endpoint, kind, name)
    ) WITHOUT ROWID;

    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL,
      time REAL NOT NULL,
      endpoint TEXT NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      action TEXT NOT NULL,
      phase TEXT NOT NULL,
      remoteID TEXT,
      outcome TEXT NOT NULL,
      isOpen INTEGER NOT NULL                     -- an intent whose fact has not come
    );
    CREATE INDEX journal_open ON journal (endpoint, kind, name) WHERE isOpen = 1;

    CREATE TABLE digestKey (
      onlyRow INTEGER PRIMARY KEY CHECK (onlyRow = 1),
      key BLOB NOT NULL
    );
    """
}
