import Reconciliation

extension EndpointPlan {
  /// The open intents whose end is known now: the resource is in the ledger, or it is not there. A change of this run
  /// speaks for itself in the journal, and what was left out stays open.
  ///
  /// - Parameter isWhole: whether the pass looked at everything.
  func settled(_ open: [JournalRecord], isWhole: Bool) -> [JournalRecord] {
    guard !open.isEmpty else { return [] }
    let changed = Set(changes.map(\.key))
    let adopted = Set(adoptions.map(\.key))
    let withheld = Set(withheld.map(\.key))
    let complete = Set(reads.filter(\.completeness.isComplete).map(\.resourceType))
    return open.filter { intent in
      guard !changed.contains(intent.key) else { return false }
      return adopted.contains(intent.key)
        || (isWhole && complete.contains(intent.key.kind) && !withheld.contains(intent.key))
    }
  }
}
