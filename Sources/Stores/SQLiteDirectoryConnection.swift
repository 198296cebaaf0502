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
    _ sql: String, _ parameters: [any SQLParameter], _ read: (SQLiteRow) throws -> Element
  ) throws -> [Element] {
    try SQLiteStatement(sql, on: db).rows(parameters, read)
  }

  func unreadable(_ what: String) -> StoreError { .unreadable(what, path: path) }
}

extension SQLiteDirectoryConnection: WritingConnection {
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
