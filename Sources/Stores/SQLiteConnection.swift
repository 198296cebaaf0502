import Foundation
import GRDB

/// SQLite's connection as the statements that it shares with PostgreSQL use it.
struct SQLiteConnection {
  let db: Database
  let path: String
}

extension SQLiteConnection: SQLConnection {
  static func elements(of parameter: String) -> String { "json_each(\(parameter))" }

  static var now: String { "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)" }

  func rows<Element>(
    _ sql: String, _ parameters: [any SQLParameter], _ read: (SQLiteRow) throws -> Element
  ) throws -> [Element] {
    try SQLiteStatement(sql, on: db).rows(parameters, read)
  }

  func unreadable(_ what: String) -> StoreError { .unreadable(what, path: path) }
}

extension SQLiteConnection: WritingConnection {
  var isInsideTransaction: Bool { db.isInsideTransaction }

  func inTransaction(_ body: () throws -> Void) throws {
    try enclosed(by: "BEGIN IMMEDIATE", "COMMIT", undoing: ["ROLLBACK"], body)
  }

  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    try enclosed(by: "SAVEPOINT writer", "RELEASE writer", undoing: ["ROLLBACK TO writer", "RELEASE writer"], body)
  }

  /// Runs the closure over one snapshot.
  func inSnapshot<Value>(_ body: () throws -> Value) throws -> Value {
    try enclosed(by: "BEGIN DEFERRED", "COMMIT", undoing: ["ROLLBACK"], body)
  }

  private func enclosed<Value>(
    by begin: String, _ end: String, undoing undo: [String], _ body: () throws -> Value
  ) throws -> Value {
    try execute(begin, [])
    do {
      let value = try body()
      try execute(end, [])
      return value
    } catch {
      // A full disk ends the transaction by itself.
      if isInsideTransaction { for statement in undo { try execute(statement, []) } }
      throw error
    }
  }
}
