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
    let detail = detail
    let first = detail.isEmpty ? head : head.padded(to: columns.detail) + "  " + StyledLine(detail)
    return [TextTable.Row(left: first, remark: .remark(on: change.source, finding))]
      + change.shownAttributes.flatMap { rows(for: $0, columns, width: width) }
  }

  private var detail: String {
    let reason = change.reason
    let words =
      switch change.action {
      case .create: showsCause ? "not there" : "create"
      case .update: ""
      case .disable, .delete: change.action.rawValue
      }
    if words.isEmpty { return reason.isEmpty ? "" : "(\(reason))" }
    return reason.isEmpty ? words : "\(words): \(reason)"
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
    let rename = change.isRenamed(by: attribute) ? "rename, id kept" : ""
    let cause = showsCause || attribute.cause.isForeignDoing ? doing.words(for: attribute.cause) : ""
    return [rename, cause].filter { !$0.isEmpty }.joined(separator: " · ")
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
