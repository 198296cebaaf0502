import JSON

/// The name of a resource in Git: its resource type (`User`, `Group`, `Device`) and `metadata.name`.
package struct ResourceKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var kind: String
  package var name: String

  package init(_ kind: String, _ name: String) {
    self.kind = kind
    self.name = name
  }

  /// From its ``description``; nil for a text without a kind or without a name.
  package init?(_ path: String) {
    let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(parts[0], parts[1])
  }

  package var description: String { "\(kind)/\(name)" }

  package static func < (a: ResourceKey, b: ResourceKey) -> Bool { (a.kind, a.name) < (b.kind, b.name) }
}

extension ResourceKey {
  /// How a reference to this resource is written where an id belongs and is not known yet: `bulkId:User/alice`, after
  /// the bulkId of RFC 7644 section 3.7.2. Only values of reference attributes are ever read this way.
  package var bulkId: String { "bulkId:\(kind)/\(name)" }

  /// The resource that a `bulkId:` reference names.
  package init?(bulkId: String) {
    guard bulkId.hasPrefix("bulkId:"), let slash = bulkId.firstIndex(of: "/") else { return nil }
    self.init(
      String(bulkId[bulkId.index(bulkId.startIndex, offsetBy: 7)..<slash]),
      String(bulkId[bulkId.index(after: slash)...]))
  }
}
