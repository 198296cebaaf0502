extension PostgreSQLConnection: SQLConnection {
  static func elements(of parameter: String) -> String { "json_array_elements_text(CAST(\(parameter) AS json))" }

  static var now: String { "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)" }

  func rows<Element>(
    _ sql: String, _ parameters: [any SQLParameter], _ read: (PostgreSQLRow) throws -> Element
  ) throws -> [Element] {
    try run(sql, parameters.map(\.sqlValue)).rows.map(read)
  }

  func unreadable(_ what: String) -> StoreError { .unreadable(what, path: address.description) }
}

extension PostgreSQLConnection: WritingConnection {
  /// All processes that share the tables write one at a time, so that what is numbered is committed in the order of its
  /// numbers and what is unique stays so.
  func inTransaction(_ body: () throws -> Void) throws {
    try transact("BEGIN; SELECT pg_advisory_xact_lock(\(tables.lock))", body)
  }

  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    try perform("SAVEPOINT writer")
    do {
      let value = try body()
      try perform("RELEASE writer")
      return value
    } catch {
      // A lost connection has undone it already.
      if isInsideTransaction { try perform("ROLLBACK TO writer; RELEASE writer") }
      throw error
    }
  }

  /// Runs the closure over one consistent snapshot.
  func inSnapshot<Value>(_ body: () throws -> Value) throws -> Value {
    try transact("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
  }

  private func transact<Value>(_ begin: String, _ body: () throws -> Value) throws -> Value {
    do {
      try self.begin(begin)
      let value = try body()
      try perform("COMMIT")
      return value
    } catch {
      if isInsideTransaction { try perform("ROLLBACK") }
      throw error
    }
  }

  /// A connection that was lost while it lay idle is made anew at once: nothing was under way.
  private func begin(_ sql: String) throws {
    let wasConnected = isConnected
    do {
      try connect()
      try perform(sql)
    } catch {
      guard wasConnected && !isConnected else { throw error }
      try connect()
      try perform(sql)
    }
  }
}
