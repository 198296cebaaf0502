import JSON
import Reconciliation

/// Writes who belongs to a group or role.
struct MembersEditor {
  private static let field = "members"

  /// Everything that manifests describe.
  let keys: Set<ResourceKey>

  func write(_ wish: Wish, into spec: inout SyntaxCollection) throws(Obstacle) {
    guard let index = spec.index(of: Self.field) else { throw Obstacle("`members` is not written in this document") }
    let come = try names(wish.live).map { (name) throws(Obstacle) in try key(name) }
    let go = try names(wish.desired).map { (name) throws(Obstacle) in try key(name) }
    guard let members = spec.items[index].value.collection, members.isMapping else {
      return try spec.editList(Self.field) { (list) throws(Obstacle) in
        try write(come, go, mayBeEmpty: false, selector: nil, into: &list)
      }
    }
    let allowsEmpty = members.index(of: "allowEmpty").map { members.items[$0].value.scalar?.text == "true" } ?? false
    let selector = members.index(of: "selector").map { members.items[$0].range.lowerBound }
    if members.index(of: "refs") == nil, !come.isEmpty {
      throw Obstacle("the members are picked by a selector", at: selector)
    }
    try spec.editMapping(Self.field) { (members) throws(Obstacle) in
      guard members.index(of: "refs") != nil else {
        throw Obstacle("the members are picked by a selector", at: selector)
      }
      try members.editList("refs") { (list) throws(Obstacle) in
        try write(come, go, mayBeEmpty: allowsEmpty || selector != nil, selector: selector, into: &list)
      }
    }
  }

  private func names(_ value: JSONValue?) throws(Obstacle) -> [String] { (value?.array ?? []).compactMap(\.string) }

  private func write(
    _ come: [ResourceKey], _ go: [ResourceKey], mayBeEmpty: Bool, selector: Int?, into list: inout SyntaxCollection
  ) throws(Obstacle) {
    for key in go {
      guard let index = list.items.firstIndex(where: { $0.value.memberKey == key }) else {
        throw Obstacle("\(key.name) is a member by the selector", at: selector)
      }
      try list.remove(at: index)
    }
    for key in come {
      guard !list.items.contains(where: { $0.value.memberKey == key }) else {
        throw Obstacle("\(key.name) stands in the list, for another time")
      }
      list.append(reference(key, like: list.items.last?.value))
    }
    if list.items.isEmpty, !mayBeEmpty {
      throw Obstacle("nobody is left there; write `members: {refs: [], allowEmpty: true}` if that is meant")
    }
  }

  /// The key of a member by the name that plans have for it.
  private func key(_ name: String) throws(Obstacle) -> ResourceKey {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    let key = parts.count == 2 ? ResourceKey(parts[0], parts[1]) : ResourceKey("User", name)
    guard keys.contains(key) else { throw Obstacle("\(name) is a member there, and no manifest describes that one") }
    return key
  }

  /// A reference in the form of its neighbour.
  private func reference(_ key: ResourceKey, like neighbour: SyntaxNode?) -> SyntaxNode {
    if key.kind == "User", neighbour?.collection == nil { return SyntaxNode(.string(key.name)) }
    return SyntaxNode([key.kind.lowercased(): .string(key.name)])
  }
}

extension SyntaxNode {
  /// The member that an item of `members` names.
  fileprivate var memberKey: ResourceKey? {
    if let scalar { return ResourceKey("User", scalar.text) }
    for kind in ["User", "Group"] {
      if let index = collection?.index(of: kind.lowercased()) {
        return (collection?.items[index].value.scalar?.text).map { ResourceKey(kind, $0) }
      }
    }
    return nil
  }
}
