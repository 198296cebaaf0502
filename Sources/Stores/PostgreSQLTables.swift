/// The tables of one purpose in PostgreSQL, in a schema of their own: one database may hold both a directory and a state.
struct PostgreSQLTables: Sendable {
  let schema: String
  /// Whoever writes takes this advisory lock, and nobody else by chance.
  let lock: Int
  /// SQL by name, in their order. A migration that was released is never changed; a new one is added.
  let migrations: [(String, String)]

  /// The lock is `Rollcall` in ASCII, as a number.
  static let directory = PostgreSQLTables(
    schema: "rollcall", lock: 0x526F_6C6C_6361_6C6C, migrations: PostgreSQLSchema.migrations)

  /// The lock is `RollStat`.
  static let state = PostgreSQLTables(
    schema: "rollcall_state", lock: 0x526F_6C6C_5374_6174, migrations: StateSchema.postgreSQL)

  /// Brings the tables to this release. Processes that start at the same time take turns.
  /// - Throws: `StoreError` newer for tables of a newer release.
  func migrate(_ connection: PostgreSQLConnection) throws {
    try connection.connect()
    try checkEncoding(connection)
    try connection.inTransaction {
      try makeSchema(connection)
      let done = try connection.rows("SELECT name FROM migration", []) { $0.text(0) }
      guard done.allSatisfy({ name in migrations.contains { $0.0 == name } }) else {
        throw StoreError(
          .newer, "\(connection.address) was written by a newer rollcall. Use that release, or name another database.")
      }
      for (name, sql) in migrations where !done.contains(name) {
        try connection.perform(sql)
        try connection.execute("INSERT INTO migration (name) VALUES ($1)", [name])
      }
    }
  }

  private func checkEncoding(_ connection: PostgreSQLConnection) throws {
    let encoding = try connection.rows("SELECT current_setting('server_encoding')", []) { $0.text(0) }.first ?? ""
    guard encoding == "UTF8" else {
      throw StoreError(
        .unavailable, "\(connection.address) is in the encoding \(encoding). Make a database in UTF8 and name that.")
    }
  }

  /// The schema is made only where it is missing, for that takes a right which a careful administrator keeps.
  private func makeSchema(_ connection: PostgreSQLConnection) throws {
    let find = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = $1"
    if try connection.rows(find, [schema], { $0.text(0) }).isEmpty {
      try connection.perform("CREATE SCHEMA \(schema)")
    }
    try connection.perform("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
  }
}
