import Foundation

/// A change of an earlier run as the journal tells it: what was intended and what became of it.
package struct PastChange: Hashable, Sendable {
  package var endpoint: String
  package var key: ResourceKey
  package var action: Change.Action
  package var time: Date
  package var remoteID: String?
  /// nil when no answer ever came.
  package var outcome: String?
  /// nil in what the first release wrote.
  package var detail: JournalRecord.Detail?

  package var isApplied: Bool { outcome == "applied" }

  /// The changes of one run, in the order that they were begun.
  package static func all(in records: [JournalRecord]) -> [PastChange] {
    var changes: [PastChange] = []
    var open: [[String]: Int] = [:]
    for record in records {
      let name = [record.endpoint, record.key.kind, record.key.name, record.action.rawValue]
      switch record.phase {
      case .intent:
        open[name] = changes.count
        changes.append(PastChange(record))
      case .fact:
        // Without an intent it settles what an earlier run left open.
        guard let index = open.removeValue(forKey: name) else { continue }
        changes[index].outcome = record.outcome
        changes[index].remoteID = record.remoteID ?? changes[index].remoteID
      }
    }
    return changes
  }

  private init(_ intent: JournalRecord) {
    endpoint = intent.endpoint
    key = intent.key
    action = intent.action
    time = intent.time
    remoteID = intent.remoteID
    detail = intent.detail
  }

  /// Later changes of the same resource in the same run, as one with this: from what was there before the first to what
  /// the last one left.
  mutating func take(_ later: PastChange) {
    if action != .create || later.action == .delete { action = later.action }
    remoteID = later.remoteID ?? remoteID
    detail = later.detail.flatMap { more in detail?.followed(by: more) }
  }
}

extension JournalRecord.Detail {
  fileprivate func followed(by later: JournalRecord.Detail) -> JournalRecord.Detail {
    var whole = self
    whole.removed = later.removed ?? removed
    for attribute in later.attributes {
      guard let index = whole.attributes.firstIndex(where: { $0.path == attribute.path }) else {
        whole.attributes.append(attribute)
        continue
      }
      let first = whole.attributes[index]
      let isMembership = first.isMembership && attribute.isMembership
      whole.attributes[index].before = isMembership ? first.before.joined(attribute.before) : first.before
      whole.attributes[index].after = isMembership ? first.after.joined(attribute.after) : attribute.after
    }
    return whole
  }
}
