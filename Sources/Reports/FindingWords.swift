import Foundation
import Reconciliation

/// A remembered finding of drift in the words of `drift`, for whoever lays them out in another way.
package struct FindingWords {
  private let known: KnownFinding

  /// - Parameter time: when it is looked at.
  package init(_ record: DriftRecord, at time: Date) {
    var overview = DriftOverview(DriftReport(findings: [record.finding]), at: time)
    overview.items[0].record = record
    let item = overview.items[0]
    known = KnownFinding(
      item: item, standing: overview.standing(of: item), age: overview.age(of: item),
      doing: Doing(modified: record.finding.modified))
  }

  private var finding: DriftReport.Finding { known.item.finding }

  /// `User alice`
  package var resource: String { "\(finding.key.kind) \(finding.key.name)".escapingControls() }

  /// `people.yaml:12`; empty for what stands in no manifest.
  package var place: String { (finding.source.map { "\($0.file):\($0.line)" } ?? "").escapingControls() }

  /// `since 3 days`
  package var age: String { known.ageWords }

  /// As many digits of the fingerprint as tell it from others.
  package var fingerprint: String { known.shortFingerprint }

  /// Whether it counts.
  package var isOpen: Bool { known.isOpen }

  /// Why it does not count; nil for one that does.
  package var standing: String? { known.standing.words?.escapingControls() }

  /// When it was last changed at the endpoint; empty where that does not say so.
  package var modified: String { known.doing.modifiedWords ?? "" }

  package var attributes: [AttributeWords] {
    finding.attributes.map { AttributeWords($0, remark: known.doing.words(for: $0.cause)) }
  }
}
