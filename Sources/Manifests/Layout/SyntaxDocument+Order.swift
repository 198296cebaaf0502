extension SyntaxDocument {
  private static let order = ["apiVersion", "kind", "metadata", "spec"]
  private static let metadataOrder = ["name", "labels"]

  /// The document with the fields of its envelope in their order; what else stands there follows as it was.
  var inCanonicalOrder: SyntaxDocument {
    guard var collection = root?.collection, collection.isMapping,
      Set(["apiVersion", "kind"]).isSubset(of: collection.items.compactMap(\.name))
    else { return self }
    collection.sort(by: Self.order)
    for index in collection.items.indices where collection.items[index].name == "metadata" {
      guard var metadata = collection.items[index].value.collection, metadata.isMapping else { continue }
      metadata.sort(by: Self.metadataOrder)
      collection.items[index].value.content = .collection(metadata)
    }
    var document = self
    document.root?.content = .collection(collection)
    return document
  }
}

extension SyntaxItem {
  /// The text of its key.
  var name: String? { key?.scalar?.text }
}

extension SyntaxCollection {
  /// Items whose anchors others may name, or that name others, hold all in their places.
  fileprivate mutating func sort(by order: [String]) {
    func rank(_ item: SyntaxItem) -> Int { item.name.flatMap(order.firstIndex) ?? order.count }
    let ranks = items.map(rank)
    guard ranks != ranks.sorted(), !items.contains(where: { $0.key?.isTied == true || $0.value.isTied }) else { return }
    // What stands before the first one speaks of the whole.
    let heading = items[0].leading
    let isAfterBlank = items[0].isAfterBlank
    items[0].leading = []
    items[0].isAfterBlank = false
    items = items.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    items[0].leading = heading + items[0].leading
    items[0].isAfterBlank = isAfterBlank || items[0].isAfterBlank
  }
}
