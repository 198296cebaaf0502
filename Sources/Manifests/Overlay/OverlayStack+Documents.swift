import Reconciliation

extension OverlayStack {
  /// A document with what the overlays lay over it, the innermost first; nil when one leaves it out.
  /// - Parameter used: gets the patches that found a target.
  func applied(to document: YAMLNode, used: inout Set<PatchID>) -> YAMLNode? {
    guard document.entries != nil, !document.isOverlay else { return document }
    var document = document
    for layer in layers {
      for (index, patch) in layer.patches.enumerated() where patch.target.matches(document) {
        used.insert(PatchID(path: layer.path, index: index))
        guard !patch.removes else { return nil }
        document = document.laying(patch)
      }
      if !layer.labels.isEmpty {
        document = document.laying(labels: YAMLNode(.mapping(layer.labels), at: layer.labels[0].keyMark))
      }
    }
    return document
  }
}

extension OverlayLayer.Patch.Target {
  fileprivate func matches(_ document: YAMLNode) -> Bool {
    let metadata = document["metadata"]
    guard kind == nil || kind == document["kind"]?.text else { return false }
    guard name.map({ NamePattern($0).matches(metadata?["name"]?.text ?? "") }) ?? true else { return false }
    return labels.allSatisfy { metadata?["labels"]?[$0.key]?.text == $0.value }
  }
}

extension YAMLNode {
  /// Whether this is a document of kind `Overlay`.
  var isOverlay: Bool { self["kind"]?.text == ManifestKind.overlay.rawValue }

  fileprivate func laying(_ patch: OverlayLayer.Patch) -> YAMLNode {
    var document = self
    if let spec = patch.spec { document = document.laying(spec, at: ["spec"]) }
    if let labels = patch.labels { document = document.laying(labels: labels) }
    return document
  }

  fileprivate func laying(labels: YAMLNode) -> YAMLNode { laying(labels, at: ["metadata", "labels"]) }

  /// - Parameter path: the keys down to the node that the patch is laid over; what is not there is made.
  private func laying(_ patch: YAMLNode, at path: ArraySlice<String>) -> YAMLNode {
    guard let key = path.first else { return merged(with: patch) }
    guard var entries else { return self }
    let rest = path.dropFirst()
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = entries[index].value.laying(patch, at: rest)
    } else {
      let empty = YAMLNode(.mapping([]), at: patch.mark)
      entries.append(YAMLEntry(key: key, keyMark: patch.mark, value: empty.laying(patch, at: rest)))
    }
    return YAMLNode(.mapping(entries), at: mark)
  }
}
