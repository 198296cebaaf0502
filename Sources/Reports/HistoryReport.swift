import Foundation
import JSON
import Reconciliation

/// What the journal tells, in the forms that it can take.
package protocol JournalReport {
  func text(style: TextStyle) -> String
  var json: JSONValue { get }
  var csv: String { get }
}

/// Past runs, as a list or one with all that it changed.
package struct HistoryReport: JournalReport, Sendable {
  private static let formatVersion = 1

  private let runs: [PastRun]
  /// Whether changes are shown as well.
  private let showsChanges: Bool

  package init(_ runs: [PastRun], showsChanges: Bool) {
    self.runs = runs
    self.showsChanges = showsChanges
  }

  package func text(style: TextStyle) -> String {
    guard !runs.isEmpty else { return "No run fits.\n" }
    let names = runs.map { ($0.header?.actor ?? "-").columns }.max() ?? 0
    return runs.map { run in
      let lines = [PastRunText(run).line(actorWidth: names)] + (showsChanges ? PastRunText(run).details : [])
      return lines.map { $0.rendered(style) + "\n" }.joined()
    }.joined()
  }

  package var json: JSONValue {
    [
      "formatVersion": .number(JSONNumber(Self.formatVersion)),
      "runs": .array(runs.map { .object($0.json(showsChanges: showsChanges)) }),
    ]
  }

  /// A row a run; where changes are shown, a row an attribute.
  package var csv: String {
    guard showsChanges else {
      let header = [
        "run", "begun", "ended", "verb", "actor", "commit", "endpoints", "outcome", "applied", "failed", "undoes",
        "approvedBy",
      ]
      return CSVTable.text([header] + runs.map(\.cells))
    }
    let header = [
      "run", "time", "actor", "commit", "endpoint", "kind", "name", "action", "attribute", "before", "after", "cause",
      "reason", "source", "outcome", "remoteID",
    ]
    return CSVTable.text([header] + runs.flatMap(\.changeCells))
  }
}

extension PastRun {
  /// What became of it, as a word.
  var outcomeWord: String {
    if let end { return end.outcome.rawValue }
    return header == nil ? "" : "not ended"
  }

  fileprivate var cells: [String] {
    [
      run, begun.formatted(.iso8601), end?.time.formatted(.iso8601) ?? "", header?.verb ?? "", header?.actor ?? "",
      header?.commit ?? "", endpoints.joined(separator: " "), outcomeWord, "\(counts.applied)", "\(counts.failed)",
      header?.undoes ?? "", header?.approvedBy ?? "",
    ]
  }

  fileprivate var changeCells: [[String]] {
    changes.flatMap { change -> [[String]] in
      let head = [
        run, change.time.formatted(.iso8601), header?.actor ?? "", header?.commit ?? "", change.endpoint,
        change.key.kind, change.key.name, change.action.rawValue,
      ]
      let tail = [
        change.detail?.reason ?? "", change.detail?.source.map { "\($0.file):\($0.line)" } ?? "",
        change.outcome ?? "no answer", change.remoteID ?? "",
      ]
      let attributes = change.detail?.attributes ?? []
      guard !attributes.isEmpty else { return [head + ["", "", "", ""] + tail] }
      return attributes.map { attribute in
        head + [attribute.path, cell(attribute.before), cell(attribute.after), attribute.cause.rawValue] + tail
      }
    }
  }

  private func cell(_ value: JSONValue?) -> String { value.map { $0.string ?? $0.text } ?? "" }

  fileprivate func json(showsChanges: Bool) -> JSONObject {
    var object: JSONObject = ["run": .string(run), "begun": .string(begun.formatted(.iso8601))]
    object["ended"] = end.map { .string($0.time.formatted(.iso8601)) }
    object["verb"] = header.map { .string($0.verb) }
    object["actor"] = header.map { .string($0.actor) }
    object["commit"] = header?.commit.map { .string($0) }
    object["planHash"] = header.map { .string($0.planHash) }
    object["undoes"] = header?.undoes.map { .string($0) }
    object["approvedBy"] = header?.approvedBy.map { .string($0) }
    object["endpoints"] = .array(endpoints.map { .string($0) })
    object["outcome"] = end.map { .string($0.outcome.rawValue) } ?? .null
    object["counts"] = [
      "applied": .number(JSONNumber(counts.applied)), "failed": .number(JSONNumber(counts.failed)),
      "skipped": .number(JSONNumber(counts.skipped)), "stale": .number(JSONNumber(counts.stale)),
      "cancelled": .number(JSONNumber(counts.cancelled)),
    ]
    if showsChanges { object["changes"] = .array(changes.map { .object($0.json) }) }
    return object
  }
}

extension PastChange {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "endpoint": .string(endpoint), "kind": .string(key.kind), "name": .string(key.name),
      "action": .string(action.rawValue), "time": .string(time.formatted(.iso8601)),
    ]
    object["remoteID"] = remoteID.map { .string($0) }
    object["outcome"] = outcome.map { .string($0) } ?? .null
    object["reason"] = detail.map { .string($0.reason) }
    object["source"] = detail?.source.map { .string("\($0.file):\($0.line)") }
    object["attributes"] = .array(
      (detail?.attributes ?? []).map { attribute in
        var one: JSONObject = ["path": .string(attribute.path)]
        one["before"] = attribute.before
        one["after"] = attribute.after
        one["cause"] = .string(attribute.cause.rawValue)
        return .object(one)
      })
    return object
  }
}
