import Foundation
import GRDB

/// What SQLite does on this disk, through the same library as the store: the limit of every server upon it.
struct SQLiteLimits {
  /// Transactions of one row with three indexes a second, each waited for until it is on the disk.
  let commits: Double
  /// Rows found by a key a second.
  let lookups: Double

  private static let rows = 10_000
  private static let commitRuns = 500
  private static let lookupRuns = 50_000

  /// - Parameter size: of a row's document, in bytes.
  init(folder: URL, size: Int) throws {
    let pool = try DatabasePool(path: folder.appending(path: "limits-\(UUID().uuidString).sqlite").path)
    let document = Data(repeating: UInt8(ascii: "a"), count: size)
    commits = try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "CREATE TABLE resource (id TEXT UNIQUE, name TEXT UNIQUE, mail TEXT UNIQUE, document BLOB)")
      try db.inTransaction {
        for number in 0..<Self.rows { try Self.insert(number, document, db) }
        return .commit
      }
      return try Self.rate(of: Self.commitRuns) { try Self.insert(Self.rows + $0, document, db) }
    }
    lookups = try pool.read { db in
      let statement = try db.cachedStatement(sql: "SELECT document FROM resource WHERE id = ?")
      return try Self.rate(of: Self.lookupRuns) { run in
        let found = try Data.fetchOne(statement, arguments: ["id-\(run * 7919 % Self.rows)"])
        guard found?.count == size else { throw BenchFailure("SQLite lost a row") }
      }
    }
  }

  private static func insert(_ number: Int, _ document: Data, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT INTO resource VALUES (?, ?, ?, ?)")
      .execute(arguments: ["id-\(number)", "name-\(number)", "mail-\(number)", document])
  }

  private static func rate(of runs: Int, _ work: (Int) throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    for run in 0..<runs { try work(run) }
    return Double(runs) / (ContinuousClock.now - start).seconds
  }
}
