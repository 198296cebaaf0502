import Foundation
import JSON
import Reconciliation

extension ToldChange {
  /// What stands beside the resource: `create`, `(linked by externalId)`, `disable: removed from the manifests`.
  /// - Parameter showsCause: whether it is drift that is told, not a plan.
  func detail(showsCause: Bool) -> String {
    let words =
      switch action {
      case .create: showsCause ? "not there" : "create"
      case .update: ""
      case .disable, .delete: action.rawValue
      }
    if words.isEmpty { return reason.isEmpty ? "" : "(\(reason))" }
    return reason.isEmpty ? words : "\(words): \(reason)"
  }

  /// What stands beside an attribute: `rename, id kept`, `changed at the endpoint`.
  func remark(on attribute: AttributeChange, showsCause: Bool, _ doing: Doing = Doing()) -> String {
    let rename = isRenamed(by: attribute) ? "rename, id kept" : ""
    let cause = showsCause || attribute.cause.isForeignDoing ? doing.words(for: attribute.cause) : ""
    return [rename, cause].filter { !$0.isEmpty }.joined(separator: " · ")
  }
}

/// A change in the words of `plan`, for whoever lays them out in another way.
package struct ChangeWords {
  private let change: any ToldChange

  package init(_ change: any ToldChange) { self.change = change }

  /// `User alice`
  package var resource: String { "\(change.key.kind) \(change.key.name)".escapingControls() }

  /// Why, without the action: empty where there is nothing more to say.
  package var reason: String { change.reason.escapingControls() }

  /// `people.yaml:12`; empty for what stands in no manifest.
  package var place: String { (change.source.map { "\($0.file):\($0.line)" } ?? "").escapingControls() }

  /// What is worth a line.
  package var attributes: [AttributeWords] {
    change.shownAttributes.map { AttributeWords($0, remark: change.remark(on: $0, showsCause: false)) }
  }
}

/// An attribute that differs, in the words of `plan` and `drift`.
package struct AttributeWords: Hashable, Sendable {
  /// `emails[work]`
  package var path: String
  /// nil for what was not there. Of members, those who leave.
  package var before: String?
  /// nil for what will not be there. Of members, those who come.
  package var after: String?
  package var remark: String

  /// The most members that are named, of those who come and of those who leave.
  private static let members = 20

  init(_ attribute: AttributeChange, remark: String) {
    path = attribute.shortPath.escapingControls()
    let words = attribute.isMembership ? Self.names : { $0.shortText.escapingControls() }
    before = attribute.before.map(words)
    after = attribute.after.map(words)
    self.remark = remark
    // That a value is taken away is said, for members nobody needs to.
    if !attribute.isMembership, before != nil, after == nil { after = "(none)" }
  }

  private static func names(_ value: JSONValue) -> String {
    let names = (value.array ?? []).compactMap(\.string)
    let rest = names.count - members
    let shown = names.prefix(members) + (rest > 0 ? ["\(rest.grouped) more"] : [])
    return shown.joined(separator: ", ").escapingControls()
  }
}

extension PlanSummary {
  /// `Plan: 1 to add, 2 to change, 0 to disable, 0 to delete`
  package var words: String {
    "Plan: \(create) to add, \(update) to change, \(disable) to disable, \(delete) to delete"
  }
}
