import Foundation
import JSON

/// One finding of drift, and what is remembered of it from run to run.
package struct DriftRecord: Hashable, Sendable {
  package var finding: DriftReport.Finding
  package let fingerprint: String
  package var firstSeen: Date
  package var lastSeen: Date
  /// nil when nobody has acknowledged it.
  package var acknowledgement: Acknowledgement?

  package init(
    _ finding: DriftReport.Finding, firstSeen: Date, lastSeen: Date, acknowledgement: Acknowledgement? = nil
  ) {
    self.finding = finding
    fingerprint = finding.fingerprint
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.acknowledgement = acknowledgement
  }

  /// The acknowledgement, if it holds at a moment.
  package func acknowledgement(at now: Date) -> Acknowledgement? {
    acknowledgement.flatMap { now < $0.until ? $0 : nil }
  }
}

/// Somebody knows of a finding and lives with it for a while.
package struct Acknowledgement: Hashable, Sendable {
  /// The longest that one lasts, in days.
  package static let longest = 366
  /// In characters.
  package static let longestReason = 500

  /// When it ends.
  package var until: Date
  package var reason: String
  /// Who said so: `alice@build-7`.
  package var by: String
  package var at: Date

  package init(until: Date, reason: String, by: String, at: Date) {
    self.until = until
    self.reason = reason
    self.by = by
    self.at = at
  }
}

extension DriftReport.Finding.Class: PlanRepresentable {}

extension DriftRecord: PlanRepresentable {
  /// How a state store keeps it.
  package var json: JSONObject {
    JSONObject(plan: [
      ("endpoint", finding.endpoint), ("class", finding.class), ("key", finding.key),
      ("attributes", finding.attributes), ("source", finding.source), ("modified", finding.modified),
      ("firstSeen", firstSeen),
      ("lastSeen", lastSeen), ("acknowledgement", acknowledgement),
    ])
  }

  /// - Throws: ``PlanFormatError`` for what is no record.
  package init(json: JSONObject) throws(PlanFormatError) { try self.init(planJSON: .object(json)) }

  var planJSON: JSONValue { .object(json) }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a finding of drift")
    let finding = DriftReport.Finding(
      class: try fields("class"), endpoint: try fields("endpoint"), key: try fields("key"),
      attributes: try fields("attributes"), source: try fields.optional("source"),
      modified: try fields.optional("modified"))
    self.init(
      finding, firstSeen: try fields("firstSeen"), lastSeen: try fields("lastSeen"),
      acknowledgement: try fields.optional("acknowledgement"))
  }
}

extension Acknowledgement: PlanRepresentable {
  var planJSON: JSONValue {
    .object(JSONObject(plan: [("until", until), ("reason", reason), ("by", by), ("at", at)]))
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "an acknowledgement")
    self.init(until: try fields("until"), reason: try fields("reason"), by: try fields("by"), at: try fields("at"))
  }
}
