import Foundation

/// What a person decided beside the runs: to silence drift, to leave an endpoint alone, to let something pass. It stands in
/// the journal before it takes effect.
package struct JournalDecision: Hashable, Sendable {
  package enum Deed: String, Sendable, CaseIterable {
    case suspend, resume, approve, approveSource, acknowledge, unacknowledge
  }

  package var time: Date
  package var deed: Deed
  /// Who decided: `alice@build-7`, `user:admin`.
  package var actor: String
  /// Where; nil for what concerns all.
  package var endpoint: String?
  /// Whom a finding of drift concerns.
  package var key: ResourceKey?
  /// The fingerprint of a finding of drift.
  package var finding: String?
  /// The hash of a plan that was approved.
  package var plan: String?
  /// The commit of manifests that were approved.
  package var commit: String?
  package var reason: String?
  /// When it ends by itself.
  package var until: Date?

  package init(_ deed: Deed, by actor: String, at time: Date, endpoint: String? = nil) {
    self.deed = deed
    self.actor = actor
    self.time = time
    self.endpoint = endpoint
  }

  /// What was decided about a finding of drift.
  /// - Parameter acknowledgement: nil takes one back.
  package init(_ record: DriftRecord, _ acknowledgement: Acknowledgement?, by actor: String, at time: Date) {
    self.init(
      acknowledgement == nil ? .unacknowledge : .acknowledge, by: actor, at: time, endpoint: record.finding.endpoint)
    key = record.finding.key
    finding = record.fingerprint
    reason = acknowledgement?.reason
    until = acknowledgement?.until
  }
}
