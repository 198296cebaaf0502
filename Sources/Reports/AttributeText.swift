import Foundation
import JSON
import Reconciliation
import SCIM

extension AttributeChange {
  /// The path as people say it: `emails[work]`, `enterprise:department`.
  var shortPath: String {
    guard var parsed = try? AttributePath(parsing: path) else { return path }
    let isEnterprise = parsed.schema == SchemaURN.enterpriseUser
    if isEnterprise { parsed.schema = nil }
    var filter = ""
    if case .compare(_, .equal, .string(let type)) = parsed.valueFilter {
      filter = "[\(type)]"
      parsed.valueFilter = nil
      if parsed.subAttribute == "value" { parsed.subAttribute = nil }
    }
    let head = AttributePath(schema: parsed.schema, parsed.attribute, valueFilter: parsed.valueFilter)
    return (isEnterprise ? "enterprise:" : "") + "\(head)" + filter + (parsed.subAttribute.map { ".\($0)" } ?? "")
  }

  /// `"old" → "new"`; for members see ``MemberText``.
  var valueText: StyledLine {
    switch (before, after) {
    case (nil, nil): ""
    case (_, let after?) where after == .withheldValue: StyledLine(after.shortText, .good)
    case (nil, let after?): StyledLine(after.shortText, .good)
    case (let before?, nil): StyledLine(before.shortText, .bad) + " → (none)"
    case (let before?, let after?): "\(before.shortText) → \(after.shortText)"
    }
  }
}

extension ToldChange {
  /// Whether this attribute renames the resource, which keeps its id.
  func isRenamed(by attribute: AttributeChange) -> Bool {
    let naming = key.kind == "User" ? "userName" : "displayName"
    return action == .update && attribute.path == naming && attribute.before != nil && attribute.after != nil
  }

  /// What is worth a line: a create stands for all its attributes, a disable for `active`.
  var shownAttributes: [AttributeChange] {
    switch action {
    case .create: []
    case .disable: attributes.filter { $0.path != "active" }
    case .update, .delete: attributes
    }
  }
}

extension Cause {
  /// Whose doing it is, in the words of the drift report.
  var words: String {
    switch self {
    case .manifest: "changed in the manifest"
    case .endpoint: "changed at the endpoint"
    case .both: "changed in both places"
    case .unknown: "no record of an apply"
    }
  }

  /// Whether a plan says so too: what somebody did at the endpoint is about to be undone.
  var isForeignDoing: Bool { self == .endpoint || self == .both }
}

extension JSONValue {
  /// What stands for a write-only value.
  fileprivate static let withheldValue = JSONValue.string("•••")

  private static let longestText = 120

  /// One line that a person reads: parts without quotes around their names, long texts cut.
  var shortText: String {
    let text = readable
    return text.count <= Self.longestText ? text : text.prefix(Self.longestText - 1) + "…"
  }

  private var readable: String {
    switch self {
    case Self.withheldValue: "•••"
    case .null: "(none)"
    case .bool, .number, .string: text
    case .array(let elements): "[" + elements.map(\.readable).joined(separator: ", ") + "]"
    case .object(let object) where object.keys == ["value"]: object.members[0].value.readable
    case .object(let object):
      "{" + object.members.map { "\($0.key): \($0.value.readable)" }.joined(separator: ", ") + "}"
    }
  }
}
