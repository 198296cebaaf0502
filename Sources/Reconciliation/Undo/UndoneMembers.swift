import JSON
import SCIM

/// The members of a group or role while changes of an earlier run are taken back: who left comes again, who came leaves.
struct UndoneMembers {
  private struct Entry {
    var attribute: String
    var name: String
    /// The id, or `bulkId:` of what is created in this run.
    var value: String
  }

  private var added: [Entry] = []
  private(set) var removed: [(attribute: String, name: String, value: String)] = []
  /// Those who are not there any more, so that they cannot come again.
  private(set) var unknown: [String] = []
  /// The ids of all members now.
  private(set) var before: [String] = []
  /// What has to be created first.
  private(set) var dependencies: [ResourceKey] = []

  /// What an update changed.
  init(_ changes: [AttributeChange], _ live: Resource, _ rules: TypeRules, _ references: References) {
    for attribute in rules.membershipAttributes {
      let ids = (live.attributes.member(attribute)?.array ?? []).compactMap { $0["value"]?.string ?? $0.string }
      before += ids
      guard let change = changes.first(where: { $0.path == attribute }) else { continue }
      for name in change.after.names {
        guard let id = references.reference(named: name), ids.contains(id) else { continue }
        removed.append((attribute, name, id))
      }
      for name in change.before.names { add(name, to: attribute, unless: ids, references) }
    }
  }

  /// Those whom the ledger knew of a resource that was deleted.
  init(restoring entry: Ledger.Entry, _ rules: TypeRules, _ references: References) {
    for key in entry.members {
      guard let attribute = rules.membershipAttribute(for: key.kind) else { continue }
      add(References.name(key), to: attribute, unless: [], references)
    }
  }

  private mutating func add(_ name: String, to attribute: String, unless ids: [String], _ references: References) {
    guard let value = references.reference(named: name) else { return unknown.append(name) }
    guard !ids.contains(value) else { return }
    if let key = ResourceKey(bulkId: value) { dependencies.append(key) }
    added.append(Entry(attribute: attribute, name: name, value: value))
  }

  var count: Int { before.count }
  var after: [String] {
    let leaving = Set(removed.map(\.value))
    return before.filter { !leaving.contains($0) } + added.map(\.value)
  }

  /// For a create.
  var additions: [(String, JSONValue)] {
    Dictionary(grouping: added, by: \.attribute).sorted { $0.key < $1.key }.map { attribute, entries in
      (attribute, .array(entries.map { ["value": .string($0.value)] }))
    }
  }

  var operations: [PatchOperation] {
    additions.map { PatchOperation(.add, AttributePath($0.0), value: $0.1) }
      + removed.map { entry in
        let one = Filter.compare(AttributePath("value"), .equal, .string(entry.value))
        return PatchOperation(.remove, AttributePath(entry.attribute, valueFilter: one))
      }
  }

  var changes: [AttributeChange] {
    Set(added.map(\.attribute) + removed.map(\.attribute)).sorted().map { attribute in
      let leaving = removed.filter { $0.attribute == attribute }.map { JSONValue.string($0.name) }
      let coming = added.filter { $0.attribute == attribute }.map { JSONValue.string($0.name) }
      return AttributeChange(
        path: attribute, before: leaving.isEmpty ? nil : .array(leaving), after: coming.isEmpty ? nil : .array(coming),
        cause: .manifest)
    }
  }

  /// The members that the ledger remembers, as `bulkId:` references.
  func laid(over recorded: [JSONValue]) -> [JSONValue] {
    let leaving = Set(removed.map { ResourceKey(readable: $0.name).bulkId })
    let kept = recorded.filter { $0.string.map { !leaving.contains($0) } ?? true }
    let coming = added.map { JSONValue.string(ResourceKey(readable: $0.name).bulkId) }
    return kept + coming.filter { !kept.contains($0) }
  }
}

extension ResourceKey {
  /// As a change names it: people by their name alone, everything else with its kind.
  fileprivate init(readable name: String) {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    self = parts.count == 2 ? ResourceKey(parts[0], parts[1]) : ResourceKey("User", name)
  }
}

extension References {
  /// The id of what a change names, or `bulkId:` of what is created in this run; nil when there is nothing of the kind.
  func reference(named name: String) -> String? {
    let key = ResourceKey(readable: name)
    switch target(of: key) {
    case .live(let id): return id
    case .created: return key.bulkId
    case nil: return id(named: name)
    }
  }
}

extension JSONValue? {
  /// The names in a list of members.
  var names: [String] { (self?.array ?? []).compactMap(\.string) }
}
