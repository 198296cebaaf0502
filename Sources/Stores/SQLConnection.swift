import Foundation
import LocalDirectory

/// A connection as the statements of ``SQLTransaction`` and ``StateTransaction`` need it. The statements are of the SQL that SQLite and
/// PostgreSQL share, with the parameters `$1`, `$2` and so on, which first appear in this order.
protocol SQLConnection {
  associatedtype Row: SQLRow

  /// The function that makes rows with a column `value` of a JSON array in a parameter.
  static func elements(of parameter: String) -> String

  /// The time by the database's clock, in milliseconds since 1970.
  static var now: String { get }

  /// Runs a statement, compiled once a connection, and reads its rows.
  /// - Throws: the connection's own error, or what the reading closure throws.
  func rows<Element>(
    _ sql: String, _ parameters: [any SQLParameter], _ read: (Row) throws -> Element
  ) throws -> [Element]

  /// A row that does not hold what we wrote there.
  func unreadable(_ what: String) -> StoreError
}

extension SQLConnection {
  func execute(_ sql: String, _ parameters: [any SQLParameter]) throws {
    _ = try rows(sql, parameters) { _ in }
  }
}

/// A row of a result, read only while the closure that is given it runs; columns count from 0.
protocol SQLRow {
  func integer(_ index: Int) -> Int
  func text(_ index: Int) -> String
  func optionalText(_ index: Int) -> String?
  func optionalReal(_ index: Int) -> Double?
  func withBytes<Value>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) throws -> Value
}

/// A value for a parameter of a statement.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int)
  case real(Double)
  /// What follows a NUL is not kept.
  case text(String)
  case bytes([UInt8])
}

/// What statements take as parameters.
protocol SQLParameter {
  var sqlValue: SQLValue { get }
}

extension Int: SQLParameter {
  var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLParameter {
  var sqlValue: SQLValue { .real(self) }
}

extension String: SQLParameter {
  var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: SQLParameter {
  var sqlValue: SQLValue { .bytes(self) }
}

extension Optional: SQLParameter where Wrapped: SQLParameter {
  var sqlValue: SQLValue { map(\.sqlValue) ?? .null }
}
