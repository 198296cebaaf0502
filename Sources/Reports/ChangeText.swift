import Foundation
import Reconciliation

/// One change as rows of a table: a line for the resource, and one for each attribute.
struct ChangeText {
  /// The columns at which details and values begin.
  struct Columns {
    var detail: Int
    var value: Int
  }

  let change: Change
  /// nil when it was not tried.
  let outcome: Outcome?
  /// Whether causes are spelled out always, as `drift` does.
  let showsCause: Bool
  /// When memberships that are gained end again, by member.
  let ends: [String: Date]
  /// What is known of it as a finding of drift; nil when it is none.
  var finding: KnownFinding?
  var doing = Doing()

  static let indent = 6

  var head: StyledLine {
    let isFailed = outcome.map { !$0.words.isEmpty } ?? false
    return isFailed
      ? StyledLine("  ! \(change.key.kind) \(change.key.name)", .bad)
      : StyledLine("  \(change.action.sign) \(change.key.kind) \(change.key.name)", change.action.tone)
  }

  func rows(_ columns: Columns, width: Int) -> [TextTable.Row] {
    let detail = change.detail(showsCause: showsCause)
    let first = detail.isEmpty ? head : head.padded(to: columns.detail) + "  " + StyledLine(detail)
    return [TextTable.Row(left: first, remark: .remark(on: change.source, finding))]
      + change.shownAttributes.flatMap { rows(for: $0, columns, width: width) }
  }

  private func rows(for attribute: AttributeChange, _ columns: Columns, width: Int) -> [TextTable.Row] {
    let name =
      StyledLine(String(repeating: " ", count: Self.indent) + attribute.shortPath).padded(to: columns.value) + "  "
    let values =
      attribute.isMembership
      ? MemberText(attribute: attribute, ends: ends).lines(width: max(20, width - name.width)) : [attribute.valueText]
    return values.enumerated().map { index, value in
      index == 0
        ? TextTable.Row(left: name + value, remark: StyledLine(remark(on: attribute), .quiet))
        : TextTable.Row(left: StyledLine("").padded(to: name.width) + value)
    }
  }

  private func remark(on attribute: AttributeChange) -> String {
    change.remark(on: attribute, showsCause: showsCause, doing)
  }
}

extension Change.Action {
  var sign: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .disable: "⏸"
    case .delete: "-"
    }
  }

  var tone: TextStyle.Tone {
    switch self {
    case .create: .good
    case .update: .change
    case .disable: .warning
    case .delete: .bad
    }
  }
}
