extension YAMLNode {
  /// What a patch can say beside values: kustomize's words, as the value of this key.
  private static let directiveKey = "$patch"

  private enum Directive: String { case delete, replace }

  private var directive: Directive? { self[Self.directiveKey]?.text.flatMap(Directive.init) }

  /// This node with a patch laid over it: mappings by key, where null removes; lists by what tells their entries apart;
  /// everything else is replaced.
  func merged(with patch: YAMLNode) -> YAMLNode {
    switch (content, patch.content) {
    case (_, .mapping) where patch.directive == .replace: patch.plain
    case (.mapping(let base), .mapping(let changes)): YAMLNode(.mapping(Self.merged(base, changes)), at: mark)
    case (.sequence(let base), .sequence(let changes)): YAMLNode(.sequence(Self.merged(base, changes)), at: mark)
    default: patch.plain
    }
  }

  private static func merged(_ base: [YAMLEntry], _ changes: [YAMLEntry]) -> [YAMLEntry] {
    var entries = base
    for change in changes where change.key != directiveKey {
      let index = entries.firstIndex { $0.key == change.key }
      switch index {
      case let index? where change.value.isNull: entries.remove(at: index)
      case let index?: entries[index] = entries[index].merged(with: change)
      case nil where !change.value.isNull:
        entries.append(YAMLEntry(key: change.key, keyMark: change.keyMark, value: change.value.plain))
      case nil: break
      }
    }
    return entries
  }

  private static func merged(_ base: [YAMLNode], _ changes: [YAMLNode]) -> [YAMLNode] {
    let replaces = changes.contains { $0.directive == .replace }
    var items = (replaces ? [] : base).map { (node: $0, isTaken: false) }
    for change in changes where change.directive != .replace {
      let index = items.map(\.node).place(of: change) { !items[$0].isTaken }
      switch (change.directive, index) {
      case (.delete, let index?): items.remove(at: index)
      case (.delete, nil): break
      case (_, let index?): items[index] = (items[index].node.merged(with: change), true)
      case (_, nil): items.append((change.plain, true))
      }
    }
    return items.map(\.node)
  }

  /// The node as it would be written out: without directives, and without what is only there to be removed.
  fileprivate var plain: YAMLNode {
    switch content {
    case .scalar: self
    case .sequence(let items):
      YAMLNode(.sequence(items.filter { $0.directive == nil }.map(\.plain)), at: mark)
    case .mapping(let entries):
      YAMLNode(
        .mapping(
          entries.filter { $0.key != Self.directiveKey && !$0.value.isNull }
            .map { YAMLEntry(key: $0.key, keyMark: $0.keyMark, value: $0.value.plain) }), at: mark)
    }
  }
}

extension YAMLEntry {
  /// `members` may be written as a list or as a mapping with that list in it: the two forms meet as mappings.
  fileprivate func merged(with change: YAMLEntry) -> YAMLEntry {
    var (base, patch) = (value, change.value)
    if key == "members" {
      if patch.entries != nil { base = base.asMembers }
      if base.entries != nil { patch = patch.asMembers }
    }
    return YAMLEntry(key: key, keyMark: change.keyMark, value: base.merged(with: patch))
  }
}

extension YAMLNode {
  fileprivate var asMembers: YAMLNode {
    guard items != nil else { return self }
    return YAMLNode(.mapping([YAMLEntry(key: "refs", keyMark: mark, value: self)]), at: mark)
  }

  /// What names the resource that a member is: `alice` and `{user: alice}` are the same.
  fileprivate var reference: [String]? {
    if let text { return ["user", text] }
    for kind in ["user", "group"] { if let name = self[kind]?.text { return [kind, name] } }
    return nil
  }
}

extension [YAMLNode] {
  /// The entry that a patch speaks of: an equal one; the same member; else the one of the same `type`, where there are
  /// several the one with the same `value` as well; else the one with the same `value`, `name` or `to`.
  /// - Parameter isFree: whether no other entry of the patch speaks of the one at an index.
  fileprivate func place(of change: YAMLNode, where isFree: (Int) -> Bool) -> Int? {
    let plain = change.plain
    if let equal = firstIndex(where: { $0.says(plain) }) { return equal }
    if let reference = change.reference, let index = firstIndex(where: { $0.reference == reference }) { return index }
    guard change.entries != nil else { return nil }
    func places(_ key: String) -> [Int] {
      guard let wanted = change[key]?.text else { return [] }
      return indices.filter { isFree($0) && self[$0][key]?.text == wanted }
    }
    let values = places("value")
    let types = places("type")
    if types.count == 1 { return types[0] }
    if let both = types.first(where: values.contains) { return both }
    guard types.isEmpty else { return nil }
    return values.first ?? places("name").first ?? places("to").first
  }
}

extension YAMLNode {
  /// Whether both hold the same, wherever they stand.
  fileprivate func says(_ other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let a, _), .scalar(let b, _)): a == b
    case (.sequence(let a), .sequence(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.says($1) }
    case (.mapping(let a), .mapping(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value.says($1.value) }
    default: false
    }
  }
}
