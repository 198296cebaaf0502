import Foundation
import Reconciliation

/// One past run as lines of text.
struct PastRunText {
  private let run: PastRun

  init(_ run: PastRun) { self.run = run }

  /// The run in one line.
  func line(actorWidth: Int) -> StyledLine {
    let header = run.header
    let when = run.begun.formatted(.iso8601.dateTimeSeparator(.space))
    let who = StyledLine(header?.actor ?? "-").padded(to: actorWidth)
    let commit = StyledLine(String(header?.commit?.prefix(9) ?? "-"), .quiet).padded(to: 9)
    return StyledLine(run.run, .strong) + "  \(when)  " + StyledLine(header?.verb ?? "-").padded(to: 5) + "  " + who
      + "  " + commit + "  " + outcome + "  " + StyledLine(run.endpoints.joined(separator: ", "), .quiet)
  }

  private var outcome: StyledLine {
    let counts = run.counts
    let parts = [
      (counts.applied, "applied"), (counts.failed, "failed"), (counts.skipped, "skipped"), (counts.stale, "stale"),
      (counts.cancelled, run.end == nil ? "without an answer" : "cancelled"),
    ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    let text = parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    return switch run.end?.outcome {
    case .applied: StyledLine(text, .good)
    case .partial, .failed: StyledLine(text, .bad)
    case .interrupted: StyledLine("\(text), interrupted", .warning)
    case nil: run.header == nil ? StyledLine(text) : StyledLine("\(text), not ended", .warning)
    }
  }

  /// What it is about, and its changes with all their attributes.
  var details: [StyledLine] {
    var lines: [StyledLine] = []
    if let undone = run.header?.undoes { lines.append(StyledLine("  takes back \(undone)", .quiet)) }
    if let approver = run.header?.approvedBy { lines.append(StyledLine("  approved by \(approver)", .quiet)) }
    var endpoint: String?
    for change in run.changes {
      if change.endpoint != endpoint { lines.append(StyledLine("  Endpoint \(change.endpoint)", .strong)) }
      endpoint = change.endpoint
      lines += self.lines(for: change)
    }
    return lines
  }

  private func lines(for change: PastChange) -> [StyledLine] {
    let reason = change.detail.map { $0.reason.isEmpty ? "" : "  (\($0.reason))" } ?? ""
    let place = change.detail?.source.map { "  \($0.file):\($0.line)" } ?? ""
    let isApplied = change.isApplied
    let outcome = isApplied ? (change.remoteID.map { "  id \($0)" } ?? "") : "  " + (change.outcome ?? "no answer came")
    let head =
      StyledLine(
        "    \(isApplied ? change.action.sign : "!") \(change.key.kind) \(change.key.name)",
        isApplied ? change.action.tone : .bad) + StyledLine(outcome, isApplied ? .quiet : .bad) + StyledLine(reason)
      + StyledLine(place, .quiet)
    let attributes = change.detail?.attributes ?? []
    let width = min(40, attributes.map { $0.shortPath.columns }.max() ?? 0)
    return [head]
      + attributes.map { attribute in
        StyledLine("        " + attribute.shortPath).padded(to: 8 + width) + "  "
          + (attribute.isMembership
            ? MemberText(attribute: attribute, ends: [:]).lines(width: 80).joined(separator: " ")
            : attribute.valueText)
      }
  }
}
