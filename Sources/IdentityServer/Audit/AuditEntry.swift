import Foundation
import JSON
import LocalDirectory

/// One entry of the audit: a change of a resource, or something about the access to the server.
package enum AuditEntry: Sendable {
  case change(DirectoryChange)
  case access(AccessEvent)

  package var time: Date {
    switch self {
    case .change(let change): change.event.time
    case .access(let event): event.time
    }
  }

  package var author: Author {
    switch self {
    case .change(let change): change.event.author
    case .access(let event): event.author
    }
  }

  /// `update`, `signedIn`.
  package var action: String {
    switch self {
    case .change(let change): change.event.action.rawValue
    case .access(let event): event.kind.rawValue
    }
  }

  /// What the resource is, or was, called; nil for what is about none.
  package var label: String? {
    guard case .change(let change) = self, let attributes = change.after ?? change.before else { return nil }
    return ["userName", "displayName", "name"].lazy.compactMap { attributes[$0]?.string }.first
  }

  /// What an update changed, a phrase each; a create and a delete are about everything. Of an access, whose token it is
  /// or what it allows.
  package var details: [String] {
    switch self {
    case .change(let change): Self.details(change)
    case .access(let event): event.detail.isEmpty ? [] : [event.detail]
    }
  }

  package var json: JSONObject {
    var object: JSONObject = [
      "time": .string(Timestamp.text(time)), "actor": .string(author.name), "action": .string(action),
    ]
    object["address"] = author.address.map(JSONValue.string)
    switch self {
    case .change(let change):
      let event = change.event
      object["type"] = .string(event.resourceType)
      object["id"] = .string(event.id)
      object["before"] = change.before.map(JSONValue.object)
      object["after"] = change.after.map(JSONValue.object)
      object["added"] = Self.json(event.membership.added)
      object["removed"] = Self.json(event.membership.removed)
      if event.changesPassword { object["changesPassword"] = true }
      if change.changesSecretOnly { object["changesSecret"] = true }
    case .access(let event): if !event.detail.isEmpty { object["detail"] = .string(event.detail) }
    }
    return object
  }

  private static func details(_ change: DirectoryChange) -> [String] {
    let event = change.event
    var details: [String] = []
    if let before = change.before, let after = change.after {
      let names = before.map(\.key) + after.map(\.key).filter { before[$0] == nil }
      details = names.filter { before[$0] != after[$0] }
        .map { "\($0) \(after[$0]?.text ?? "nothing") instead of \(before[$0]?.text ?? "nothing")" }
    }
    if event.changesPassword { details.append("a new password") }
    if change.changesSecretOnly { details.append("a new secret") }
    return details + count(event.membership.added, "added") + count(event.membership.removed, "removed")
  }

  private static func count(_ memberships: [Membership], _ verb: String) -> [String] {
    guard let first = memberships.first else { return [] }
    return memberships.count == 1
      ? ["\(first.attribute) \(verb): \(first.member)"] : ["\(memberships.count) \(first.attribute) \(verb)"]
  }

  private static func json(_ memberships: [Membership]) -> JSONValue? {
    guard !memberships.isEmpty else { return nil }
    return .array(
      memberships.map {
        ["to": .string($0.container), "attribute": .string($0.attribute), "member": .string($0.member)]
      })
  }
}
