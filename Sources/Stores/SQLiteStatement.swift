import GRDB
import GRDBSQLite

/// A statement that GRDB has compiled and keeps, run by SQLite's own calls. GRDB's arguments and rows are made for more than the
/// directory needs, and take longer than what it looks up.
struct SQLiteStatement {
  private let statement: Statement
  private let db: Database

  /// Compiles the statement, unless the connection has it already.
  /// - Throws: `DatabaseError`.
  init(_ sql: String, on db: Database) throws {
    statement = try db.cachedStatement(sql: sql)
    self.db = db
  }

  private var handle: OpaquePointer { statement.sqliteStatement }

  /// Runs the statement and reads its rows.
  /// - Throws: `DatabaseError`, or what the reading closure throws.
  func rows<Element>(
    _ parameters: [any SQLParameter], _ read: (SQLiteRow) throws -> Element
  ) throws -> [Element] {
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    for (index, parameter) in parameters.enumerated() { try bind(parameter.sqlValue, at: Int32(index + 1)) }
    var elements: [Element] = []
    while try step() { elements.append(try read(SQLiteRow(handle))) }
    return elements
  }

  /// Whether there is another row.
  private func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  /// SQLite copies what it is given.
  private func bind(_ value: SQLValue, at index: Int32) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(handle, index)
      case .integer(let value): sqlite3_bind_int64(handle, index, Int64(value))
      case .real(let value): sqlite3_bind_double(handle, index, value)
      case .text(let text): text.withCString { sqlite3_bind_text(handle, index, $0, -1, Self.copied) }
      case .bytes([]): sqlite3_bind_zeroblob(handle, index, 0)
      case .bytes(let bytes): sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count), Self.copied)
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) },
      sql: statement.sql)
  }

  /// `SQLITE_TRANSIENT`.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// A row while its statement stands on it.
struct SQLiteRow: SQLRow {
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) { self.statement = statement }

  func integer(_ index: Int) -> Int { Int(sqlite3_column_int64(statement, Int32(index))) }

  func optionalReal(_ index: Int) -> Double? {
    sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL ? nil : sqlite3_column_double(statement, Int32(index))
  }

  func text(_ index: Int) -> String { optionalText(index) ?? "" }

  func optionalText(_ index: Int) -> String? {
    guard let text = sqlite3_column_text(statement, Int32(index)) else { return nil }
    let length = Int(sqlite3_column_bytes(statement, Int32(index)))
    return String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
  }

  func withBytes<Value>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) throws -> Value {
    let bytes = sqlite3_column_blob(statement, Int32(index))?.assumingMemoryBound(to: UInt8.self)
    let length = Int(sqlite3_column_bytes(statement, Int32(index)))
    return try body(UnsafeBufferPointer(start: bytes, count: length))
  }
}
