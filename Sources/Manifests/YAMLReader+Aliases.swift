/// A node that aliases may repeat, and what each repetition costs.
struct YAMLAnchor {
  var node: YAMLNode
  /// The nodes it stands for, itself and its keys included, aliases expanded.
  var size: Int
  /// Levels of collections: 0 for a scalar.
  var height: Int
}

extension YAMLReader {
  /// The node that the current alias names. Sharing it costs nothing here, but whoever walks the tree walks every copy:
  /// nine lines can stand for a billion nodes, hence the limit.
  mutating func alias(depth: Int) throws(YAMLError) -> YAMLNode {
    let name = events.anchor ?? ""
    guard var anchor = anchors[name] else {
      throw YAMLError(
        .unknownAlias, "the alias *\(name) has no anchor &\(name) before it in this document", at: events.mark,
        hint: "put &\(name) before the value to repeat, outside of that value; text that begins with '*' needs quotes")
    }
    aliasedNodes += anchor.size
    guard aliasedNodes <= limits.maxAliasExpansion else {
      throw YAMLError(
        .aliasExpansion, "the aliases of this document stand for more than \(limits.maxAliasExpansion) values",
        at: events.mark, hint: "write fewer aliases of aliases")
    }
    guard depth + anchor.height <= limits.maxDepth else { throw tooDeep(at: events.mark) }
    anchor.node.mark = events.mark
    return anchor.node
  }
}

extension YAMLNode {
  var height: Int {
    switch content {
    case .scalar: 0
    case .sequence(let items): 1 + (items.lazy.map(\.height).max() ?? 0)
    case .mapping(let entries): 1 + (entries.lazy.map(\.value.height).max() ?? 0)
    }
  }
}

extension YAMLEntry {
  /// Carries out the merge that this entry asks for (`<<`, https://yaml.org/type/merge.html): keys of the mapping
  /// itself win, then those of the earlier mapping in a list.
  func mergeValue(into entries: inout [YAMLEntry]) throws(YAMLError) {
    var names = Set(entries.lazy.map(\.key))
    for mapping in try mergedMappings() {
      for entry in mapping where names.insert(entry.key).inserted { entries.append(entry) }
    }
  }

  private func mergedMappings() throws(YAMLError) -> [[YAMLEntry]] {
    if let entries = value.entries { return [entries] }
    var mappings: [[YAMLEntry]] = []
    for item in value.items ?? [value] {
      guard let entries = item.entries else {
        throw YAMLError(
          .mergeKey, "'<<' takes a mapping or a list of mappings", at: item.mark,
          hint: "name an anchored mapping, such as *defaults; a key that is really called << needs quotes")
      }
      mappings.append(entries)
    }
    return mappings
  }
}
