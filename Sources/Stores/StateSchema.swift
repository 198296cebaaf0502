import Foundation
import GRDB
import Reconciliation

/// The tables of a state: in SQLite here, in PostgreSQL beside. A migration that was released is never changed; a new one
/// is added.
enum StateSchema {
  /// `RcSt` in ASCII.
  static let applicationID: Int32 = 0x5263_5374

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: v1)
    }
    migrator.registerMigration("v2") { db in
      try db.execute(sql: "ALTER TABLE journal RENAME TO journal_v1; DROP INDEX journal_open;")
      try db.execute(sql: v2)
      try chainFirstJournal(db)
      try db.execute(sql: "DROP TABLE journal_v1")
    }
    migrator.registerMigration("v3") { try $0.execute(sql: v3) }
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

  /// Other times than those of ledger entries are milliseconds since 1970.
  private static let v2 = """
    -- Evidence: each document names the hash of the one before. What stands beside it is copied from it, to find it by
    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY,               -- without gaps
      run TEXT NOT NULL,
      time INTEGER NOT NULL,
      type TEXT NOT NULL,
      endpoint TEXT,
      kind TEXT,
      name TEXT,
      document BLOB NOT NULL,                     -- canonical JSON
      hash BLOB NOT NULL                          -- SHA-256 of the document
    );
    CREATE INDEX journal_run ON journal (run, sequence);
    CREATE INDEX journal_frame ON journal (sequence) WHERE type IN ('begun', 'ended');
    CREATE INDEX journal_resource ON journal (kind, name, sequence) WHERE type = 'intent';
    CREATE TRIGGER journal_keep_lines BEFORE UPDATE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is only ever appended to'); END;
    CREATE TRIGGER journal_keep_all BEFORE DELETE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is only ever appended to'); END;

    -- Where it ends, so that a tail that was cut off is missed
    CREATE TABLE journalHead (
      onlyRow INTEGER PRIMARY KEY CHECK (onlyRow = 1),
      sequence INTEGER NOT NULL,
      hash BLOB NOT NULL
    );

    -- Intents whose fact has not come
    CREATE TABLE openIntent (
      sequence INTEGER PRIMARY KEY,               -- of the journal
      endpoint TEXT NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      run TEXT NOT NULL,
      action TEXT NOT NULL
    );
    CREATE INDEX openIntent_resource ON openIntent (endpoint, kind, name);

    -- A row stays when the lease is given back, for its token only ever grows
    CREATE TABLE lease (
      endpoint TEXT PRIMARY KEY,
      token INTEGER NOT NULL,
      holder TEXT,                                -- NULL when nobody holds it
      holderID TEXT,
      since INTEGER NOT NULL,
      expires INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE endpointStatus (
      endpoint TEXT PRIMARY KEY,
      document BLOB NOT NULL                      -- compact JSON
    ) WITHOUT ROWID;

    CREATE TABLE endpointOrder (
      endpoint TEXT PRIMARY KEY,
      document BLOB NOT NULL                      -- compact JSON
    ) WITHOUT ROWID;

    CREATE TABLE endpointPlan (
      endpoint TEXT PRIMARY KEY,
      document BLOB NOT NULL                      -- compact JSON
    ) WITHOUT ROWID;

    CREATE TABLE driftFinding (
      endpoint TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      document BLOB NOT NULL,                     -- compact JSON
      PRIMARY KEY (endpoint, fingerprint)
    ) WITHOUT ROWID;

    CREATE TABLE driftSample (
      endpoint TEXT NOT NULL,
      time INTEGER NOT NULL,
      document BLOB NOT NULL,                     -- compact JSON
      PRIMARY KEY (endpoint, time)
    ) WITHOUT ROWID;
    CREATE INDEX driftSample_time ON driftSample (time);
    """

  private static let v3 = """
    -- What was told, so that it is told once
    CREATE TABLE notification (
      name TEXT PRIMARY KEY,
      document BLOB NOT NULL                      -- compact JSON
    ) WITHOUT ROWID;
    CREATE INDEX journal_decision ON journal (sequence) WHERE type = 'decision';
    """

  /// Chains what the first release wrote in its order.
  private static func chainFirstJournal(_ db: Database) throws {
    let sql = """
      SELECT run, time, endpoint, kind, name, action, phase, remoteID, outcome, isOpen FROM journal_v1 ORDER BY sequence
      """
    let transaction = StateTransaction(SQLiteConnection(db: db, path: "the state"))
    var head = JournalHead.empty
    let rows = try Row.fetchCursor(db, sql: sql)
    while let row = try rows.next() {
      guard let action = Change.Action(rawValue: row[5]), let phase = JournalRecord.Phase(rawValue: row[6]) else {
        throw transaction.connection.unreadable("the journal of run \(row[0] as String)")
      }
      let record = JournalRecord(
        run: row[0], time: Date(timeIntervalSinceReferenceDate: row[1]), endpoint: row[2],
        key: ResourceKey(row[3], row[4]), action: action, phase: phase, remoteID: row[7], outcome: row[8])
      let entry = head.next(.change(record))
      try transaction.insert(entry, .change(record))
      if row[9] { try transaction.open(record, entry.sequence) }
      head = entry.head
    }
    try transaction.save(head)
  }
}
