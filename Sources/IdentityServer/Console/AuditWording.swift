import JSON
import LocalDirectory
import SCIM

/// How entries of the audit read.
struct AuditWording {
  /// In characters: the longest value that is shown.
  private static let longest = 400
  /// The most members that are named.
  private static let members = 20

  /// What resources are called that are still there.
  private let labels: [String: String]
  private let catalog: SchemaCatalog

  init(_ events: [DirectoryEvent], in directory: Directory) async throws {
    let members = events.flatMap {
      $0.membership.added.prefix(Self.members) + $0.membership.removed.prefix(Self.members)
    }
    catalog = directory.catalog
    let ids = Set(events.map(\.id) + members.map(\.member))
    labels = Dictionary(
      try await directory.summaries(of: ids.sorted()).map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first }
    )
  }

  func entry(_ change: DirectoryChange) -> [String: PageContent] {
    let differences = differences(change)
    var entry = line(change.event)
    if labels[change.event.id] == nil, let label = Self.label(change) { entry["about"] = .text(label) }
    entry["has_differences"] = .flag(!differences.isEmpty)
    entry["differences"] = .list(differences)
    return entry
  }

  /// What was done, but not what it changed.
  func line(_ event: DirectoryEvent) -> [String: PageContent] {
    let kind = ConsoleKind.named(event.resourceType)
    let verb =
      switch event.action {
      case .create: "Added"
      case .update: "Changed"
      case .delete: "Deleted"
      }
    let isThere = labels[event.id] != nil
    return Self.head(event.author, Timestamp.text(event.time)).merging([
      "what": .text("\(verb) \(kind?.noun ?? event.resourceType)"), "about": .text(labels[event.id] ?? event.id),
      "address": isThere ? kind.map { .text($0.path(event.id)) } ?? false : false,
    ]) { own, _ in own }
  }

  static func entry(_ event: AccessEvent) -> [String: PageContent] {
    head(event.author, Timestamp.text(event.time)).merging([
      "what": .text(AttributeLabel.text(event.kind.rawValue)),
      "about": .optional(event.detail.isEmpty ? nil : event.detail),
      "address": false, "has_differences": false, "differences": .list([]),
    ]) { own, _ in own }
  }

  private static func head(_ author: Author, _ time: String) -> [String: PageContent] {
    ["time": .text(ReadableTime.text(time)), "actor": .text(author.name), "from": .optional(author.address)]
  }

  private static func label(_ change: DirectoryChange) -> String? {
    let attributes = change.after ?? change.before ?? [:]
    return ["userName", "displayName", "name"].lazy.compactMap { attributes[$0]?.string }.first
  }

  // MARK: What has changed

  private func differences(_ change: DirectoryChange) -> [[String: PageContent]] {
    let (before, after) = (change.before ?? [:], change.after ?? [:])
    let names = before.keys + after.keys.filter { before[$0] == nil }
    var differences = names.filter { $0 != "schemas" && before[$0] != after[$0] }.map { name in
      Self.difference(attributeLabel(name), before[name].map(Self.text), after[name].map(Self.text))
    }
    let event = change.event
    if event.changesPassword { differences.append(Self.difference("Password", nil, "changed")) }
    if change.changesSecretOnly { differences.append(Self.difference("Secret", nil, "changed")) }
    if let names = self.names(event.membership.added) { differences.append(Self.difference("Members", nil, names)) }
    if let names = self.names(event.membership.removed) { differences.append(Self.difference("Members", names, nil)) }
    return differences
  }

  private static func difference(_ attribute: String, _ before: String?, _ after: String?) -> [String: PageContent] {
    ["attribute": .text(attribute), "before": .optional(before), "after": .optional(after)]
  }

  private func attributeLabel(_ name: String) -> String {
    AttributeLabel.text(catalog.schema(name)?.name ?? name)
  }

  private static func text(_ value: JSONValue) -> String {
    let text = words(value)
    return text.count > longest ? text.prefix(longest) + " …" : text
  }

  /// `given name: Ann, family name: B`
  private static func words(_ value: JSONValue) -> String {
    switch value {
    case .array(let elements): elements.map(words).joined(separator: "; ")
    case .object(let object):
      object.map { member in
        "\(AttributeLabel.within(member.key)): \(words(member.value))"
      }.joined(separator: ", ")
    case .string, .number, .bool, .null: value.plainText
    }
  }

  private func names(_ memberships: [Membership]) -> String? {
    guard !memberships.isEmpty else { return nil }
    let named = memberships.prefix(Self.members).map { (labels[$0.member] ?? $0.member).isolated }
      .joined(separator: ", ")
    let left = memberships.count - Self.members
    return left > 0 ? "\(named), and \(left) more" : named
  }
}
