import JSON
import SCIM

/// The order of an endpoint's changes: each after what it needs, the rest by what it is and by name.
///
/// Creates come first (users, then what refers to them), then updates, then removals in reverse. Of references that go in
/// a circle one is left out of its create and written by a second change.
struct ChangeGraph {
  var changes: [Change]
  private let supportsPatch: Bool
  private var positions: [ResourceKey: Int] = [:]
  private var sequence: [Change] = []
  private var second: [Change] = []

  init(_ changes: [Change], supportsPatch: Bool) {
    self.changes = changes.sorted { ($0.rank, $0.key) < ($1.rank, $1.key) }
    self.supportsPatch = supportsPatch
    positions = Dictionary(
      self.changes.indices.map { (self.changes[$0].key, $0) }, uniquingKeysWith: { first, _ in first })
    addNameDependencies()
    addRemovalDependencies()
    addProviderDependencies()
  }

  /// The changes in order, their dependencies filled.
  mutating func ordered() -> [Change] {
    var states = Array(repeating: State.unseen, count: changes.count)
    for root in changes.indices where states[root] == .unseen { visit(from: root, &states) }
    let firstRemoval = sequence.firstIndex { $0.rank >= Change.firstRemovalRank } ?? sequence.endIndex
    sequence.insert(contentsOf: second.sorted { $0.key < $1.key }, at: firstRemoval)
    return sequence
  }

  private enum State { case unseen, open, done }

  /// Depth first without recursion: chains of managers may be long.
  private mutating func visit(from root: Int, _ states: inout [State]) {
    var path: [(change: Int, next: Int)] = [(root, 0)]
    states[root] = .open
    while let (change, next) = path.last {
      guard next < changes[change].dependencies.count else {
        states[change] = .done
        sequence.append(changes[change])
        path.removeLast()
        continue
      }
      let dependency = changes[change].dependencies[next]
      guard let needed = positions[dependency], needed != change, states[needed] != .open else {
        // What is still open closes a circle; what has no change needs nothing.
        postpone(dependency, of: change)
        continue
      }
      path[path.count - 1].next += 1
      if states[needed] == .unseen {
        states[needed] = .open
        path.append((needed, 0))
      }
    }
  }

  /// Takes a dependency out of a change; a reference in a create is written by a second change instead.
  private mutating func postpone(_ dependency: ResourceKey, of position: Int) {
    let change = changes[position]
    changes[position].dependencies.removeAll { $0 == dependency }
    explainSwap(position, dependency)
    guard case .create(let whole) = change.request, positions[dependency] != nil else { return }
    let (rest, operations) = whole.leavingOut(dependency)
    guard !operations.isEmpty else { return }
    changes[position].request = .create(rest)
    // What only the second change writes is not applied before it.
    if let applied = change.ledgerEntry?.applied {
      changes[position].ledgerEntry?.applied = applied.leavingOut(dependency).rest
    }
    let request: Change.Request = supportsPatch ? .patch(operations) : .replace(whole)
    if let index = second.firstIndex(where: { $0.key == change.key }) {
      if case .patch(let earlier) = second[index].request { second[index].request = .patch(earlier + operations) }
      second[index].dependencies.append(dependency)
      return
    }
    second.append(
      Change(
        key: change.key, action: .update, situation: .linked, request: request, ledgerEntry: change.ledgerEntry,
        reason: "the references go in a circle", source: change.source, dependencies: [change.key, dependency]))
  }

  /// Of names that go in a circle none can be given first. No name is made up to break it: where people sign in with it,
  /// it would be theirs if the run broke off.
  private mutating func explainSwap(_ position: Int, _ dependency: ResourceKey) {
    guard let name = changes[position].renames?.after?.string?.lowercased(), let owner = positions[dependency],
      changes[owner].renames?.before?.string?.lowercased() == name
    else { return }
    let hint = "\(dependency) has this name and waits for another: give one of them a third name first"
    changes[position].reason = [changes[position].reason, hint].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  // MARK: Dependencies that are not references

  /// A name can only be taken once whoever has it now was renamed.
  private mutating func addNameDependencies() {
    var released: [String: ResourceKey] = [:]
    for change in changes {
      if let name = change.renames?.before?.string { released[name.lowercased()] = change.key }
    }
    guard !released.isEmpty else { return }
    for position in changes.indices {
      guard let name = changes[position].renames?.after?.string, let owner = released[name.lowercased()],
        owner != changes[position].key
      else { continue }
      changes[position].dependencies.append(owner)
    }
  }

  /// A resource is deleted after it was taken out of the groups that we change anyway.
  private mutating func addRemovalDependencies() {
    var deleted: [String: Int] = [:]
    for position in changes.indices where changes[position].action == .delete {
      if let id = changes[position].remoteID { deleted[id] = position }
    }
    guard !deleted.isEmpty else { return }
    for change in changes {
      guard case .patch(let operations) = change.request else { continue }
      for case .compare(_, .equal, .string(let id)) in operations.compactMap(\.path?.valueFilter) {
        guard let position = deleted[id], !changes[position].dependencies.contains(change.key) else { continue }
        changes[position].dependencies.append(change.key)
      }
    }
  }
}

extension Change {
  static let firstRemovalRank = 20

  /// What it is, in the order of doing.
  fileprivate var rank: Int {
    let kindRank =
      switch key.kind {
      case "User": 0
      case "Group": 2
      case "Role": 3
      case "IdentityProvider": 4
      case "ServiceProvider": 5
      default: 1
      }
    return switch action {
    case .create: kindRank
    case .update: 10 + kindRank
    case .disable: Self.firstRemovalRank + 5 - kindRank
    case .delete: Self.firstRemovalRank + 15 - kindRank
    }
  }

  /// The userName that it gives up and the one that it takes.
  fileprivate var renames: AttributeChange? { attributes.first { $0.path == "userName" } }
}

extension JSONObject {
  /// Itself without its references to a resource, and the operations that write them afterwards.
  fileprivate func leavingOut(_ key: ResourceKey) -> (rest: JSONObject, operations: [PatchOperation]) {
    let reference = JSONValue.string(key.bulkId)
    var rest = self
    var operations: [PatchOperation] = []
    for member in members {
      if member.value["value"] == reference {
        rest[member.key] = nil
        operations.append(PatchOperation(.replace, AttributePath(member.key), value: member.value))
      } else if let elements = member.value.array, elements.contains(where: { $0["value"] == reference }) {
        let kept = elements.filter { $0["value"] != reference }
        rest[member.key] = kept.isEmpty ? nil : .array(kept)
        let late = elements.filter { $0["value"] == reference }
        operations.append(PatchOperation(.add, AttributePath(member.key), value: .array(late)))
      } else if member.key.hasPrefix("urn:"), let parts = member.value.object {
        let inner = parts.leavingOut(key)
        guard !inner.operations.isEmpty else { continue }
        rest[member.key] = inner.rest.isEmpty ? nil : .object(inner.rest)
        operations += inner.operations.map { operation in
          var operation = operation
          operation.path?.schema = member.key
          return operation
        }
      }
    }
    return (rest, operations)
  }
}
