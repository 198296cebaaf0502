import Foundation
import GRDB

/// SQLite's connection as the directory's statements use it.
struct SQLiteDirectoryConnection {
  let db: Database
  let path: String
}

extension SQLiteDirectoryConnection: SQLConnection {
  static func elements(of parameter: String) -> String { "json_each(\(parameter))" }

  func rows<Element>(
    _ sql: String, _ parameters: [any SQLParameter], _ read: (Row) throws -> Element
  ) throws -> [Element] {
    let arguments = StatementArguments(parameters.map(\.sqlValue))
    let cursor = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
    var elements: [Element] = []
    while let row = try cursor.next() { elements.append(try read(row)) }
    return elements
  }

  func unreadable(_ what: String) -> StoreError { .unreadable(what, path: path) }
}

extension SQLiteDirectoryConnection: WritingConnection {
  var isInsideTransaction: Bool { db.isInsideTransaction }

  func inTransaction(_ body: () throws -> Void) throws {
    try db.inTransaction(.immediate) {
      try body()
      return .commit
    }
  }

  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    var outcome: Result<Value, any Error>?
    do {
      try db.inSavepoint {
        outcome = .success(try body())
        return .commit
      }
    } catch {
      outcome = .failure(error)
    }
    guard let outcome else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return try outcome.get()
  }
}

extension SQLValue: DatabaseValueConvertible {
  var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let text): text.databaseValue
    case .bytes(let bytes): Data(bytes).databaseValue
    }
  }

  /// Parameters are only ever given.
  static func fromDatabaseValue(_ value: DatabaseValue) -> SQLValue? { nil }
}

extension Row: SQLRow {
  func integer(_ index: Int) -> Int { self[index] }
  func text(_ index: Int) -> String { self[index] }
  func optionalText(_ index: Int) -> String? { self[index] }

  func withBytes<Value>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) throws -> Value {
    try withUnsafeData(atIndex: index) { data in
      try (data ?? Data()).withUnsafeBytes { try $0.withMemoryRebound(to: UInt8.self, body) }
    }
  }
}
