import JSON
import LocalDirectory
import Reports

/// How an entry of the audit reads.
enum AuditText {
  /// `2026-11-23T09:30:00.000Z  user:admin  192.0.2.7  update User 4711 (ann): title "Dr" instead of "Mr"`
  static func line(_ entry: AuditEntry) -> String {
    switch entry {
    case .change(let change):
      let event = change.event
      let label = (change.after ?? change.before).flatMap(label).map { " (\($0))" } ?? ""
      let changes = changes(change)
      let what = "\(event.action.rawValue) \(event.resourceType) \(event.id)\(label)"
      return line(entry, event.author, changes.isEmpty ? what : "\(what): \(changes.joined(separator: ", "))")
    case .access(let event):
      return line(
        entry, event.author, event.detail.isEmpty ? wording(event.kind) : "\(wording(event.kind)) \(event.detail)")
    }
  }

  static func json(_ entry: AuditEntry) -> JSONObject {
    switch entry {
    case .change(let change):
      let event = change.event
      var object = head(entry, event.author, event.action.rawValue)
      object["type"] = .string(event.resourceType)
      object["id"] = .string(event.id)
      object["before"] = change.before.map(JSONValue.object)
      object["after"] = change.after.map(JSONValue.object)
      object["added"] = json(event.membership.added)
      object["removed"] = json(event.membership.removed)
      if event.changesPassword { object["changesPassword"] = true }
      return object
    case .access(let event):
      var object = head(entry, event.author, event.kind.rawValue)
      if !event.detail.isEmpty { object["detail"] = .string(event.detail) }
      return object
    }
  }

  private static func line(_ entry: AuditEntry, _ author: Author, _ what: String) -> String {
    // Names and values come from whoever wrote them, and must not steer the terminal of who reads them.
    [Timestamp.text(entry.time), author.name, author.address ?? "-", what].joined(separator: "  ").escapingControls()
  }

  private static func head(_ entry: AuditEntry, _ author: Author, _ action: String) -> JSONObject {
    var object: JSONObject = [
      "time": .string(Timestamp.text(entry.time)), "actor": .string(author.name), "action": .string(action),
    ]
    object["address"] = author.address.map(JSONValue.string)
    return object
  }

  private static func wording(_ kind: AccessEvent.Kind) -> String {
    switch kind {
    case .loginRefused: "login refused"
    case .loginThrottled: "login not looked at, too many had failed"
    case .tokenCreated: "token created for"
    case .tokenIssued: "token issued for"
    case .tokenRevoked: "token revoked of"
    case .tokenReused: "token used twice, all of its kin revoked, of"
    case .signedIn: "signed in"
    case .signedOut: "signed out"
    case .consentGiven: "allowed"
    case .federationRefused: "sign-in elsewhere refused:"
    case .accountAssociated: "account associated:"
    case .keyMade: "signing key made:"
    }
  }

  private static func label(_ attributes: JSONObject) -> String? {
    ["userName", "displayName", "name"].lazy.compactMap { attributes[$0]?.string }.first
  }

  /// What an update changed; a create and a delete are about everything.
  private static func changes(_ change: DirectoryChange) -> [String] {
    let event = change.event
    var changes: [String] = []
    if let before = change.before, let after = change.after {
      let names = before.map(\.key) + after.map(\.key).filter { before[$0] == nil }
      changes = names.filter { before[$0] != after[$0] }
        .map { "\($0) \(after[$0]?.text ?? "nothing") instead of \(before[$0]?.text ?? "nothing")" }
    }
    if event.changesPassword { changes.append("a new password") }
    changes += count(event.membership.added, "added") + count(event.membership.removed, "removed")
    return changes
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
