import Foundation
import JSON

/// Keeps what is known of each endpoint from pass to pass, as documents that only their writers understand.
package protocol ConvergenceRecords: Sendable {
  /// How the endpoints are, by their names.
  func statuses() async throws -> [String: JSONObject]
  func save(status: JSONObject, of endpoint: String) async throws

  /// What people have asked of endpoints, by their names.
  func orders() async throws -> [String: JSONObject]
  func save(order: JSONObject, of endpoint: String) async throws
  func removeOrder(of endpoint: String) async throws

  /// Writes into the journal what people decided.
  func note(_ decisions: [JournalDecision]) async throws

  /// What the last pass at an endpoint was about to do; nil before the first.
  func plan(of endpoint: String) async throws -> JSONObject?
  func save(plan: JSONObject, of endpoint: String) async throws

  /// What is known of drift, by endpoint and fingerprint; an endpoint without any is left out.
  func driftFindings() async throws -> [String: [String: JSONObject]]
  /// What is known of drift at an endpoint, by fingerprint.
  func driftFindings(at endpoint: String) async throws -> [String: JSONObject]
  /// Changes what is known of drift at an endpoint, alone among all who do so.
  func changeDriftFindings<Answer: Sendable>(
    at endpoint: String, _ change: @escaping @Sendable (inout [String: JSONObject]) throws -> Answer
  ) async throws -> Answer

  /// What was told over a notification; nil before the first.
  func notification(named name: String) async throws -> JSONObject?
  /// Changes what was told over a notification, alone among all who do so.
  func changeNotification<Answer: Sendable>(
    named name: String, _ change: @escaping @Sendable (inout JSONObject?) throws -> Answer
  ) async throws -> Answer

  /// Measurements of drift since a time, oldest first.
  func driftSamples(since time: Date) async throws -> [DriftSample]
  /// A second one of the same millisecond takes the place of the first.
  func append(driftSample: DriftSample) async throws
  func dropDriftSamples(before time: Date) async throws

  /// Drops all of that about an endpoint that is no longer declared. Its ledger, journal and lease stay.
  func forget(endpoint: String) async throws
}

/// A measurement of drift at one endpoint.
package struct DriftSample: Hashable, Sendable {
  package var endpoint: String
  /// Kept to the millisecond.
  package var time: Date
  package var document: JSONObject

  package init(endpoint: String, time: Date, document: JSONObject) {
    self.endpoint = endpoint
    self.time = time
    self.document = document
  }
}
