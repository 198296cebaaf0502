extension YAMLReader {
  /// Mappings of more keys than this look up their keys by hash.
  private static var linearSearchLimit: Int { 16 }

  /// Builds the node whose first event is current; afterwards its last event is.
  mutating func node(_ kind: YAMLEvents.Kind, depth: Int) throws(YAMLError) -> YAMLNode {
    nodes += 1
    guard nodes <= limits.maxNodes else { throw tooManyNodes() }
    if kind == .alias { return try alias(depth: depth) }
    guard let anchor = events.anchor else { return try content(kind, depth: depth) }

    let before = nodes + aliasedNodes
    let node = try content(kind, depth: depth)
    anchors[anchor] = YAMLAnchor(node: node, size: nodes + aliasedNodes - before + 1, height: node.height)
    return node
  }

  private mutating func content(_ kind: YAMLEvents.Kind, depth: Int) throws(YAMLError) -> YAMLNode {
    switch kind {
    case .mappingStart: return try mapping(depth: depth + 1)
    case .sequenceStart: return try sequence(depth: depth + 1)
    default: return try scalar()
    }
  }

  private func scalar() throws(YAMLError) -> YAMLNode {
    let isTagged = try checkTag("str")
    return YAMLNode(.scalar(events.text, isPlain: events.isPlain && !isTagged), at: events.mark)
  }

  private mutating func sequence(depth: Int) throws(YAMLError) -> YAMLNode {
    let mark = try collectionMark(tag: "seq", depth: depth)
    var items: [YAMLNode] = []
    while true {
      let kind = try advance()
      if kind == .sequenceEnd { return YAMLNode(.sequence(items), at: mark) }
      items.append(try node(kind, depth: depth))
    }
  }

  private mutating func mapping(depth: Int) throws(YAMLError) -> YAMLNode {
    let mark = try collectionMark(tag: "map", depth: depth)
    var entries: [YAMLEntry] = []
    var names: Set<String> = []
    var merge: YAMLEntry?
    while true {
      let kind = try advance()
      if kind == .mappingEnd { break }
      let (key, isMerge, keyMark) = try self.key(kind, depth: depth)
      if isMerge {
        if let merge { throw .duplicate(key, at: keyMark, first: merge.keyMark) }
        merge = YAMLEntry(key: key, keyMark: keyMark, value: try node(try advance(), depth: depth))
        continue
      }
      try refuseDuplicate(key, at: keyMark, in: entries, names: &names)
      entries.append(YAMLEntry(key: key, keyMark: keyMark, value: try node(try advance(), depth: depth)))
    }
    if let merge { try merge.mergeValue(into: &entries) }
    return YAMLNode(.mapping(entries), at: mark)
  }

  /// A key is a scalar, or an alias of one. Only a plain `<<` asks for a merge.
  private mutating func key(
    _ kind: YAMLEvents.Kind, depth: Int
  ) throws(YAMLError) -> (text: String, isMerge: Bool, mark: YAMLMark) {
    let key = try node(kind, depth: depth)
    guard case .scalar(let text, let isPlain) = key.content else {
      throw YAMLError(
        .nonScalarKey, "a list or a mapping cannot be a key", at: key.mark,
        hint: "text that begins with '{' or '[' needs quotes")
    }
    return (text, isPlain && text == "<<", key.mark)
  }

  private func refuseDuplicate(
    _ key: String, at mark: YAMLMark, in entries: [YAMLEntry], names: inout Set<String>
  ) throws(YAMLError) {
    if entries.count < Self.linearSearchLimit {
      for entry in entries where entry.key == key { throw .duplicate(key, at: mark, first: entry.keyMark) }
      return
    }
    if names.isEmpty { names = Set(entries.lazy.map(\.key)) }
    guard !names.insert(key).inserted, let first = entries.first(where: { $0.key == key }) else { return }
    throw .duplicate(key, at: mark, first: first.keyMark)
  }

  /// The mark of the collection that begins with the current event, once its tag and depth are accepted.
  private func collectionMark(tag: String, depth: Int) throws(YAMLError) -> YAMLMark {
    var mark = events.mark
    mark.length = 1
    guard depth <= limits.maxDepth else { throw tooDeep(at: mark) }
    _ = try checkTag(tag)
    return mark
  }

  /// Whether the current node bears a tag, which must be `!` or say what the node is anyway (`!!str` on a scalar).
  private func checkTag(_ name: String) throws(YAMLError) -> Bool {
    guard let tag = events.tag else { return false }
    guard tag == "!" || tag == "tag:yaml.org,2002:" + name else {
      let core = "tag:yaml.org,2002:"
      let shown = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
      throw YAMLError(
        .unknownTag, "the tag \(shown) is not supported here", at: events.mark,
        hint: "remove it: the schema decides what a value means; quotes or !!str make a value text")
    }
    return true
  }

  func tooDeep(at mark: YAMLMark) -> YAMLError {
    YAMLError(.tooDeep, "nested deeper than \(limits.maxDepth) levels", at: mark)
  }

  private func tooManyNodes() -> YAMLError {
    YAMLError(
      .tooManyNodes, "the document holds more than \(limits.maxNodes) values", at: events.mark,
      hint: "split it into several documents")
  }
}

extension YAMLError {
  /// The same key twice in one mapping; readers disagree about which one counts.
  static func duplicate(_ key: String, at mark: YAMLMark, first: YAMLMark) -> YAMLError {
    YAMLError(
      .duplicateKey, "the key '\(key)' stands twice in this mapping", at: mark, hint: "remove one of the two",
      notes: [Note("first written here", at: first)])
  }
}
