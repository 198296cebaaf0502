import Foundation

/// A run as the journal tells it.
package struct PastRun: Hashable, Sendable {
  package var run: String
  package var begun: Date
  /// nil for runs of the first release, which did not say who they were.
  package var header: RunHeader?
  /// nil while it runs, and of one that broke off.
  package var end: RunEnd?
  /// Empty where only its frame was read.
  package var changes: [PastChange]

  package init(run: String, begun: Date, header: RunHeader?, end: RunEnd?, changes: [PastChange] = []) {
    self.run = run
    self.begun = begun
    self.header = header
    self.end = end
    self.changes = changes
  }

  /// From all lines of a run; nil for none.
  package init?(_ lines: [JournalLine]) {
    guard let first = lines.first else { return nil }
    self.init(
      run: first.run, begun: first.time,
      header: lines.lazy.compactMap { if case .begun(let header) = $0 { header } else { nil } }.first,
      end: lines.lazy.compactMap { if case .ended(let end) = $0 { end } else { nil } }.last,
      changes: PastChange.all(in: lines.compactMap(\.record)))
  }

  package var endpoints: [String] { header?.endpoints ?? Set(changes.map(\.endpoint)).sorted() }

  /// How many changes ended in which way; of a run that did not say so, what is known.
  package var counts: RunEnd.Counts {
    if let end { return end.counts }
    return changes.reduce(into: RunEnd.Counts()) { counts, change in
      switch change.outcome {
      case "applied": counts.applied += 1
      case "stale": counts.stale += 1
      case "cancelled", nil: counts.cancelled += 1
      case let outcome? where outcome.hasPrefix("skipped"): counts.skipped += 1
      case .some: counts.failed += 1
      }
    }
  }
}
