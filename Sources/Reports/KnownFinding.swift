import Foundation
import Reconciliation

/// A finding of drift with what is known of it, as a report tells it.
struct KnownFinding {
  let item: DriftOverview.Item
  let standing: DriftOverview.Standing
  /// In seconds; nil where nothing is remembered.
  let age: TimeInterval?
  let doing: Doing

  var isOpen: Bool { standing == .open }

  /// As many digits as tell it from others.
  var shortFingerprint: String { String(item.fingerprint.prefix(DriftReport.Finding.shownDigits)) }

  /// `new`, `since 3 days`; empty where nothing is remembered.
  var ageWords: String {
    guard let age else { return "" }
    return item.isNew ? "new" : "since \(age.ageWords)"
  }

  /// What stands beside its resource: `since 3 days · 1f2e3d4c`.
  var remark: String { [ageWords, shortFingerprint].filter { !$0.isEmpty }.joined(separator: " · ") }
}

/// The findings of a report by their resources.
struct KnownFindings {
  private struct Place: Hashable {
    let endpoint: String
    let key: ResourceKey
    let isForeign: Bool
  }

  private let findings: [Place: KnownFinding]

  /// None where nothing is known but the plan.
  init(_ report: Report) {
    let known = (report.drift == nil ? [] : report.known).map { known in
      let finding = known.item.finding
      return (Place(endpoint: finding.endpoint, key: finding.key, isForeign: finding.class == .foreign), known)
    }
    findings = Dictionary(known, uniquingKeysWith: { first, _ in first })
  }

  subscript(endpoint: String, key: ResourceKey, isForeign isForeign: Bool = false) -> KnownFinding? {
    findings[Place(endpoint: endpoint, key: key, isForeign: isForeign)]
  }
}

extension Report {
  /// The findings of drift, but for what was not asked for.
  var known: [KnownFinding] { overview?.known(manifestChanges) ?? [] }
}

extension DriftOverview {
  /// Everything but what was not asked for: what counts first.
  func known(_ manifestChanges: [SourceLocation: ManifestChange] = [:]) -> [KnownFinding] {
    let all = items.map { item in
      KnownFinding(
        item: item, standing: standing(of: item), age: age(of: item),
        doing: Doing(manifest: item.finding.source.flatMap { manifestChanges[$0] }, modified: item.finding.modified))
    }
    return all.filter(\.isOpen) + all.filter { !$0.isOpen && $0.standing != .filtered }
  }
}

extension DriftOverview.Standing {
  /// Why a finding does not count; nil for one that does.
  var words: String? {
    switch self {
    case .open, .filtered: nil
    case .acknowledged(let acknowledgement):
      "acknowledged until \(acknowledgement.until.minute) by \(acknowledgement.by): \(acknowledgement.reason)"
    case .baseline: "known from the baseline"
    }
  }
}
