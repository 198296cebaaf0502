import Foundation
import JSON
import Reconciliation

/// How a pass came to what it does with one resource, for a person at a terminal.
package struct DecisionText {
  private static let label = 12

  private let trace: DecisionTrace

  package init(_ trace: DecisionTrace) { self.trace = trace }

  package func text(_ style: TextStyle = .plain) -> String {
    lines.map { $0.rendered(style) + "\n" }.joined()
  }

  private var lines: [StyledLine] {
    let rows: [(String, [StyledLine])] = [
      ("manifest", [StyledLine(trace.source?.place ?? "none describes it")]),
      ("scope", trace.outOfScope.map { [StyledLine("outside: \($0)", .warning)] } ?? []),
      ("lifecycle", trace.inactive.map { [StyledLine($0, .warning)] } ?? []),
      ("mapping", trace.mapped.map(line)), ("looked for", trace.tries.map(line)), ("matched", [matched]),
      ("ledger", trace.entry.map { [line($0)] } ?? [StyledLine("no entry", .quiet)]),
      ("decision", decision), ("guardrails", trace.objections.map(line)),
    ]
    return [StyledLine("\(trace.key) at \(trace.endpoint)", .strong)] + rows.flatMap(row)
  }

  private func row(_ label: String, _ lines: [StyledLine]) -> [StyledLine] {
    lines.enumerated().map { index, line in
      StyledLine("  " + (index == 0 ? label : ""), .quiet).padded(to: 2 + Self.label) + line
    }
  }

  private func line(_ mapped: DecisionTrace.MappedValue) -> StyledLine {
    StyledLine("\(mapped.target) becomes \(mapped.value.text)  ")
      + StyledLine(mapped.source?.place ?? "", .quiet)
  }

  private func line(_ attempt: DecisionTrace.Try) -> StyledLine {
    guard !attempt.values.isEmpty else { return StyledLine("\(attempt.tie): nothing to look for", .quiet) }
    let found =
      switch attempt.found.count {
      case 0: "nobody"
      case 1...5: attempt.found.joined(separator: ", ")
      default: "\(attempt.found.prefix(5).joined(separator: ", ")) and \(attempt.found.count - 5) more"
      }
    return StyledLine("\(attempt.tie) \(attempt.values.joined(separator: ", ")): \(found)")
  }

  private var matched: StyledLine {
    guard let situation = trace.situation else { return "nothing there, and nothing asked for" }
    let tie = trace.correlation.isEmpty ? "" : " by \(trace.correlation)"
    let live = trace.liveID.map { id in " → \(id)" + (trace.liveName.map { " (\($0))" } ?? "") } ?? ""
    return StyledLine(situation.rawValue, situation.tone) + StyledLine(tie + live)
  }

  private func line(_ entry: Ledger.Entry) -> StyledLine {
    let disabled = entry.disabledAt.map { ", disabled by us \($0.moment)" } ?? ""
    return StyledLine(
      "\(entry.remoteID), \(entry.origin.rawValue), last recorded \(entry.updatedAt.moment)\(disabled); when its manifest"
        + " goes: \(removal(of: entry))")
  }

  private func removal(of entry: Ledger.Entry) -> String {
    guard let removal = trace.removal, removal != entry.onRemoval else { return entry.onRemoval.rawValue }
    let word = removal == .disable ? "deleted" : "disabled"
    return "\(removal.rawValue), for a \(trace.key.kind) cannot be \(word) there"
  }

  // MARK: What is done

  private var decision: [StyledLine] {
    var lines = trace.changes.flatMap(self.lines)
    lines += trace.withheld.map { StyledLine("withheld: \($0.reason)", .warning) }
    if trace.isForgotten { lines.append("dropped from the ledger: it is gone, or no longer ours") }
    if lines.isEmpty {
      lines = [trace.isRecorded ? "recorded in the ledger, without a call" : "nothing to do"]
    }
    return lines
  }

  private func lines(_ change: Change) -> [StyledLine] {
    let reason = change.reason.isEmpty ? "" : ": \(change.reason)"
    return [StyledLine("\(change.action.sign) \(change.action.rawValue)", change.action.tone) + StyledLine(reason)]
      + change.attributes.map { attribute in
        let values =
          attribute.isMembership
          ? MemberText(attribute: attribute).lines(width: 200).joined(separator: "  ") : attribute.valueText
        return StyledLine("    \(attribute.shortPath): ") + values + StyledLine("  (\(attribute.cause.words))", .quiet)
      }
  }

  private func line(_ objection: Objection) -> StyledLine {
    StyledLine("\(objection.guardrail): ", .bad) + StyledLine(objection.message)
  }
}

extension Situation {
  fileprivate var tone: TextStyle.Tone {
    switch self {
    case .linked: .good
    case .found, .missing: .change
    case .unmanaged, .ambiguous: .warning
    case .foreign: .quiet
    }
  }
}
