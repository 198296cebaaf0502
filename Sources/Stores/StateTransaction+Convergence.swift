import Foundation
import JSON
import Reconciliation

/// What is known of each endpoint from pass to pass.
extension StateTransaction {
  /// Tables with one document an endpoint.
  enum DocumentTable: String {
    case status = "endpointStatus"
    case order = "endpointOrder"
    case plan = "endpointPlan"
  }

  func documents(_ table: DocumentTable) throws -> [String: JSONObject] {
    let rows = try connection.rows("SELECT endpoint, document FROM \(table.rawValue)", []) { row in
      (row.text(0), try object(row, 1, "the \(table) of \(row.text(0))"))
    }
    return Dictionary(rows, uniquingKeysWith: { $1 })
  }

  func document(of endpoint: String, in table: DocumentTable) throws -> JSONObject? {
    try connection.rows("SELECT document FROM \(table.rawValue) WHERE endpoint = $1", [endpoint]) { row in
      try object(row, 0, "the \(table) of \(endpoint)")
    }.first
  }

  func save(_ document: JSONObject, of endpoint: String, in table: DocumentTable) throws {
    let sql = """
      INSERT INTO \(table.rawValue) (endpoint, document) VALUES ($1, $2)
      ON CONFLICT (endpoint) DO UPDATE SET document = excluded.document
      """
    try connection.execute(sql, [endpoint, document.serialized()])
  }

  func remove(_ endpoint: String, from table: DocumentTable) throws {
    try connection.execute("DELETE FROM \(table.rawValue) WHERE endpoint = $1", [endpoint])
  }

  func driftFindings(at endpoint: String) throws -> [String: JSONObject] {
    let sql = "SELECT fingerprint, document FROM driftFinding WHERE endpoint = $1"
    let rows = try connection.rows(sql, [endpoint]) { row in
      (row.text(0), try object(row, 1, "a finding at \(endpoint)"))
    }
    return Dictionary(rows, uniquingKeysWith: { $1 })
  }

  func driftFindings() throws -> [String: [String: JSONObject]] {
    let rows = try connection.rows("SELECT endpoint, fingerprint, document FROM driftFinding", []) { row in
      (row.text(0), row.text(1), try object(row, 2, "a finding at \(row.text(0))"))
    }
    return rows.reduce(into: [:]) { $0[$1.0, default: [:]][$1.1] = $1.2 }
  }

  /// Writes what differs.
  func replace(_ before: [String: JSONObject], by after: [String: JSONObject], at endpoint: String) throws {
    for fingerprint in before.keys where after[fingerprint] == nil {
      let sql = "DELETE FROM driftFinding WHERE endpoint = $1 AND fingerprint = $2"
      try connection.execute(sql, [endpoint, fingerprint])
    }
    let sql = """
      INSERT INTO driftFinding (endpoint, fingerprint, document) VALUES ($1, $2, $3)
      ON CONFLICT (endpoint, fingerprint) DO UPDATE SET document = excluded.document
      """
    for (fingerprint, document) in after where before[fingerprint] != document {
      try connection.execute(sql, [endpoint, fingerprint, document.serialized()])
    }
  }

  func notification(named name: String) throws -> JSONObject? {
    try connection.rows("SELECT document FROM notification WHERE name = $1", [name]) { row in
      try object(row, 0, "what was told over \(name)")
    }.first
  }

  func save(notification document: JSONObject, named name: String) throws {
    let sql = """
      INSERT INTO notification (name, document) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET document = excluded.document
      """
    try connection.execute(sql, [name, document.serialized()])
  }

  func driftSamples(since time: Int) throws -> [DriftSample] {
    let sql = "SELECT endpoint, time, document FROM driftSample WHERE time >= $1 ORDER BY time, endpoint"
    return try connection.rows(sql, [time]) { row in
      DriftSample(
        endpoint: row.text(0), time: Date(milliseconds: row.integer(1)),
        document: try object(row, 2, "a measurement of drift at \(row.text(0))"))
    }
  }

  func append(_ sample: DriftSample) throws {
    let sql = """
      INSERT INTO driftSample (endpoint, time, document) VALUES ($1, $2, $3)
      ON CONFLICT (endpoint, time) DO UPDATE SET document = excluded.document
      """
    try connection.execute(sql, [sample.endpoint, sample.time.milliseconds, sample.document.serialized()])
  }

  func dropDriftSamples(before time: Int) throws {
    try connection.execute("DELETE FROM driftSample WHERE time < $1", [time])
  }

  func forget(endpoint: String) throws {
    for table in ["endpointStatus", "endpointOrder", "endpointPlan", "driftFinding", "driftSample"] {
      try connection.execute("DELETE FROM \(table) WHERE endpoint = $1", [endpoint])
    }
  }
}
