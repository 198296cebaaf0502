import CPostgreSQL
import Foundation

/// A connection to PostgreSQL, made when it is first needed, and anew when it was lost. It holds up the thread that calls
/// it, so ``PostgreSQLConnections`` has threads for it.
///
/// `@unchecked Sendable`: it passes from thread to thread, and one at a time uses it.
final class PostgreSQLConnection: @unchecked Sendable {
  let address: PostgreSQLAddress
  let tables: PostgreSQLTables
  /// How long to wait for other writers, in seconds.
  private let patience: TimeInterval
  /// nil before the first use and after a loss.
  private var handle: OpaquePointer?
  /// The names of the statements that the server has compiled, by their SQL.
  private var prepared: [String: String] = [:]

  init(_ address: PostgreSQLAddress, _ tables: PostgreSQLTables, patience: TimeInterval) {
    self.address = address
    self.tables = tables
    self.patience = patience
  }

  deinit { PQfinish(handle) }

  var isConnected: Bool { handle != nil }

  var isInsideTransaction: Bool {
    let status = PQtransactionStatus(handle)
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
  }

  /// Connects unless that has been done.
  /// - Throws: `StoreError` unavailable.
  func connect() throws {
    guard handle == nil else { return }
    // What stands before the address gives way to it, and what stands behind it does not.
    let options = [
      ("connect_timeout", "10"), ("keepalives_idle", "30"), ("tcp_user_timeout", "30000"),
      ("fallback_application_name", "rollcall"), ("dbname", address.text), ("client_encoding", "UTF8"),
    ]
    let connection = Self.withCStrings(options.map(\.0)) { keywords in
      Self.withCStrings(options.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
    }
    guard PQstatus(connection) == CONNECTION_OK else {
      defer { PQfinish(connection) }
      throw StoreError(unreachable: address, String(cString: PQerrorMessage(connection)))
    }
    handle = connection
    prepared = [:]
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    // Every statement has its index; of tables that have grown fast the planner knows too little to see that.
    try perform(
      """
      SET search_path TO \(tables.schema); SET enable_seqscan TO off; SET jit TO off; SET lock_timeout TO \(Int(patience * 1000));
      SET idle_in_transaction_session_timeout TO 60000;
      SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
      """)
  }

  /// Runs statements without parameters whose rows nobody reads.
  /// - Throws: `StoreError`.
  func perform(_ sql: String) throws {
    _ = try checked(PQexec(handle, sql))
  }

  /// Runs a statement, compiled once a connection.
  /// - Throws: `StoreError`.
  func run(_ sql: String, _ parameters: [SQLValue]) throws -> PostgreSQLResult {
    let name = try name(of: sql, parameters)
    let encoded = PostgreSQLParameters(parameters)
    return try encoded.withPointers { values, lengths, formats in
      try checked(PQexecPrepared(handle, name, Int32(parameters.count), values, lengths, formats, 1))
    }
  }

  private func name(of sql: String, _ parameters: [SQLValue]) throws -> String {
    if let name = prepared[sql] { return name }
    let name = "s\(prepared.count)"
    _ = try checked(PQprepare(handle, name, sql, Int32(parameters.count), parameters.map(\.postgreSQLType)))
    prepared[sql] = name
    return name
  }

  private func checked(_ result: OpaquePointer?) throws -> PostgreSQLResult {
    let status = PQresultStatus(result)
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, let result { return PostgreSQLResult(result) }
    defer { PQclear(result) }
    let reason = String(cString: PQerrorMessage(handle))
    // Every refusal of the server has a SQLSTATE. What has none is libpq's own, which calls a connection good for one more
    // statement after the server has crashed.
    guard PQstatus(handle) == CONNECTION_OK, let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else {
      disconnect()
      throw StoreError(lost: address, reason)
    }
    throw StoreError(state: String(cString: state), address, reason)
  }

  private func disconnect() {
    PQfinish(handle)
    handle = nil
  }

  /// The texts as an array of C that ends with NULL, as long as the closure runs.
  private static func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Value
  ) rethrows -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies.map { UnsafePointer($0) } + [nil])
  }
}

/// The rows of a result, in binary.
final class PostgreSQLResult {
  private let result: OpaquePointer

  fileprivate init(_ result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  var rows: some Sequence<PostgreSQLRow> {
    (0..<PQntuples(result)).lazy.map { PostgreSQLRow(result: self, index: $0) }
  }

  /// nil for NULL.
  fileprivate func bytes(_ row: Int32, _ column: Int) -> UnsafeBufferPointer<UInt8>? {
    guard PQgetisnull(result, row, Int32(column)) == 0 else { return nil }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, Int32(column)), count: Int(PQgetlength(result, row, Int32(column))))
    return bytes.bindMemory(to: UInt8.self)
  }
}

struct PostgreSQLRow: SQLRow {
  fileprivate let result: PostgreSQLResult
  fileprivate let index: Int32

  /// Of a `bigint`: eight bytes, the highest first.
  func integer(_ column: Int) -> Int {
    let bits = (result.bytes(index, column) ?? .init(start: nil, count: 0)).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return Int(Int64(bitPattern: bits))
  }

  /// Of a `double precision`: the same.
  func optionalReal(_ column: Int) -> Double? {
    result.bytes(index, column) == nil ? nil : Double(bitPattern: UInt64(bitPattern: Int64(integer(column))))
  }

  func text(_ column: Int) -> String { optionalText(column) ?? "" }

  func optionalText(_ column: Int) -> String? {
    result.bytes(index, column).map { String(decoding: $0, as: UTF8.self) }
  }

  func withBytes<Value>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) throws -> Value {
    try withExtendedLifetime(result) { try body(result.bytes(index, column) ?? .init(start: nil, count: 0)) }
  }
}
