import Foundation
import JSON
import Reconciliation

/// What people decided beside the runs, as a list.
package struct DecisionList: JournalReport {
  private static let formatVersion = 1

  private let decisions: [JournalDecision]

  /// - Parameter decisions: in the order in which they are shown.
  package init(_ decisions: [JournalDecision]) { self.decisions = decisions }

  package func text(style: TextStyle) -> String {
    guard !decisions.isEmpty else { return "No decision fits.\n" }
    let deeds = decisions.map(\.deed.words.columns).max() ?? 0
    let actors = decisions.map(\.actor.columns).max() ?? 0
    return decisions.map { decision in
      let line =
        StyledLine(decision.time.formatted(.iso8601.dateTimeSeparator(.space)), .strong) + "  "
        + StyledLine(decision.deed.words).padded(to: deeds) + "  " + StyledLine(decision.actor).padded(to: actors)
        + "  "
        + StyledLine(decision.subject.joined(separator: " ")) + StyledLine(decision.remark, .quiet)
      return line.rendered(style) + "\n"
    }.joined()
  }

  package var json: JSONValue {
    ["formatVersion": .number(JSONNumber(Self.formatVersion)), "decisions": .array(decisions.map { .object($0.json) })]
  }

  package var csv: String {
    let header = [
      "time", "deed", "actor", "endpoint", "kind", "name", "finding", "plan", "commit", "until", "reason",
    ]
    return CSVTable.text([header] + decisions.map(\.cells))
  }
}

extension JournalDecision.Deed {
  fileprivate var words: String { self == .approveSource ? "approve --source" : rawValue }
}

extension JournalDecision {
  /// What it is about.
  fileprivate var subject: [String] {
    [
      endpoint, key?.description, finding.map { String($0.prefix(DriftReport.Finding.shownDigits)) },
      plan.map { "plan \($0.prefix(12))" }, commit.map { "commit \($0.prefix(12))" },
    ].compactMap(\.self)
  }

  fileprivate var remark: String {
    let end = until.map { ", until \($0.formatted(.iso8601.dateTimeSeparator(.space)))" } ?? ""
    return end + (reason.map { ": \($0)" } ?? "")
  }

  fileprivate var cells: [String] {
    [
      time.formatted(.iso8601), deed.rawValue, actor, endpoint ?? "", key?.kind ?? "", key?.name ?? "", finding ?? "",
      plan ?? "", commit ?? "", until?.formatted(.iso8601) ?? "", reason ?? "",
    ]
  }

  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "time": .string(time.formatted(.iso8601)), "deed": .string(deed.rawValue), "actor": .string(actor),
    ]
    object["endpoint"] = endpoint.map(JSONValue.string)
    object["kind"] = key.map { .string($0.kind) }
    object["name"] = key.map { .string($0.name) }
    object["finding"] = finding.map(JSONValue.string)
    object["plan"] = plan.map(JSONValue.string)
    object["commit"] = commit.map(JSONValue.string)
    object["until"] = until.map { .string($0.formatted(.iso8601)) }
    object["reason"] = reason.map(JSONValue.string)
    return object
  }
}
