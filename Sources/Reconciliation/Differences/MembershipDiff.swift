import Foundation
import JSON
import SCIM

/// The difference between who shall belong to a group or role and who does, in time linear in both.
struct MembershipDiff {
  /// Who comes or goes.
  struct Entry {
    var attribute: String
    var name: String
    /// The id, or `bulkId:` of a resource that is created in this run.
    var value: String
    var kind: String?
    /// When the membership ends, or has ended.
    var until: Date?
    /// Whether it is the manifest that ended it, or has not let it begin.
    var isOver = false
  }

  let rules: TypeRules
  let references: References
  let now: Date

  private(set) var added: [Entry] = []
  private(set) var removed: [Entry] = []
  /// How many members there are now.
  private(set) var count = 0
  /// What has to be created first.
  private(set) var dependencies: [ResourceKey] = []
  /// Members that the endpoint cannot hold.
  private(set) var limitations: Set<String> = []

  init(rules: TypeRules, references: References, now: Date) {
    self.rules = rules
    self.references = references
    self.now = now
  }

  /// - Parameter live: nil for a resource that is to be created.
  mutating func compare(_ members: DesiredMembers, with live: JSONObject?) {
    for name in rules.membershipAttributes {
      let ids = (live?.member(name)?.array ?? []).compactMap { $0["value"]?.string ?? $0.string }
      count += ids.count
      compare(name, members, live: ids)
    }
    if members.references.contains(where: { rules.membershipAttribute(for: $0.key.kind) == nil }) {
      limitations.insert("\(rules.type.name) cannot have members of every kind there: some are left out")
    }
  }

  var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  /// How many there will be.
  var countAfter: Int { count + added.count - removed.count }

  /// The operations for what is added and removed: one `add` for all, one `remove` for each who goes, so that a change
  /// of one in a group of thousands stays small.
  var operations: [PatchOperation] {
    rules.membershipAttributes.flatMap { name in
      let added = self.added.filter { $0.attribute == name }
      let additions =
        added.isEmpty
        ? [] : [PatchOperation(.add, AttributePath(name), value: .array(added.map(value)))]
      return additions
        + removed.filter { $0.attribute == name }.map { entry in
          let one = Filter.compare(AttributePath("value"), .equal, .string(entry.value))
          return PatchOperation(.remove, AttributePath(name, valueFilter: one))
        }
    }
  }

  /// The attributes of a create.
  var attributes: [(String, JSONValue)] {
    rules.membershipAttributes.compactMap { name in
      let added = self.added.filter { $0.attribute == name }
      return added.isEmpty ? nil : (name, .array(added.map(value)))
    }
  }

  func changes(cause: Cause) -> [AttributeChange] { changes(added, removed, cause: cause) }

  /// What differs although it is not removed.
  func changes(withheld: [Entry], cause: Cause) -> [AttributeChange] { changes([], withheld, cause: cause) }

  private func changes(_ added: [Entry], _ removed: [Entry], cause: Cause) -> [AttributeChange] {
    rules.membershipAttributes.compactMap { name in
      let before = removed.filter { $0.attribute == name }.map { JSONValue.string($0.name) }
      let after = added.filter { $0.attribute == name }.map { JSONValue.string($0.name) }
      guard !before.isEmpty || !after.isEmpty else { return nil }
      return AttributeChange(
        path: name, before: before.isEmpty ? nil : .array(before), after: after.isEmpty ? nil : .array(after),
        cause: cause)
    }
  }

  /// Leaves removals out.
  /// - Parameter keepingEnded: whether those stay that the manifest itself has ended.
  /// - Returns: those who are left out.
  mutating func withholdRemovals(keepingEnded: Bool = false) -> [Entry] {
    let withheld = removed.filter { !keepingEnded || !$0.isOver }
    removed = keepingEnded ? removed.filter(\.isOver) : []
    return withheld
  }

  /// When the memberships that come or go end, or have ended, by member.
  var ends: [String: Date] {
    Dictionary(
      (added + removed).compactMap { entry in entry.until.map { (entry.name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func value(_ entry: Entry) -> JSONValue {
    // Only where it is not the usual does a member say what it is: some endpoints refuse what they did not expect.
    entry.kind.map { $0 == "User" || entry.attribute != "members" } ?? true
      ? ["value": .string(entry.value)] : ["value": .string(entry.value), "type": .string(entry.kind ?? "")]
  }

  private mutating func compare(_ name: String, _ members: DesiredMembers, live: [String]) {
    guard members.mode != .observe else { return }
    let mode = members.mode
    var others = Set(live)
    for reference in members.references
    where reference.isDue(at: now) && rules.membershipAttribute(for: reference.key.kind) == name {
      switch references.target(of: reference.key) {
      case .live(let id):
        if others.remove(id) == nil, mode != .atMost { add(reference, id, to: name) }
      case .created where mode != .atMost:
        add(reference, reference.key.bulkId, to: name)
        dependencies.append(reference.key)
      case .created: break
      case nil: limitations.insert("\(rules.type.name).\(name): members that this endpoint does not hold are left out")
      }
    }
    guard !others.isEmpty else { return }
    let dormant = dormant(in: members)
    let leaving = mode == .atLeast ? others.filter { dormant[$0]?.hasEnded(at: now) == true } : others
    removed += leaving.subtracting(references.doubtful).sorted().map { id in
      let reference = dormant[id]
      return Entry(
        attribute: name, name: references.name(of: id), value: id,
        until: reference?.hasEnded(at: now) == true ? reference?.until : nil, isOver: reference != nil)
    }
  }

  private mutating func add(_ reference: DesiredMembers.Reference, _ value: String, to name: String) {
    added.append(
      Entry(
        attribute: name, name: References.name(reference.key), value: value, kind: reference.key.kind,
        until: reference.until))
  }

  /// Those whose membership has ended or not yet begun, by id.
  private func dormant(in members: DesiredMembers) -> [String: DesiredMembers.Reference] {
    members.references.reduce(into: [:]) { dormant, reference in
      guard !reference.isDue(at: now), case .live(let id) = references.target(of: reference.key) else { return }
      dormant[id] = reference
    }
  }
}

extension DesiredMembers.Reference {
  fileprivate func hasEnded(at now: Date) -> Bool { until.map { $0 <= now } ?? false }
}
