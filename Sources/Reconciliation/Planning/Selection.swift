/// Limits what a plan may change; what is outside is matched and read, never written, adopted, removed or reported.
package struct Selection: Hashable, Sendable {
  /// nil: every kind.
  package var kinds: Set<String>?
  /// The labels that a manifest must carry, all of them.
  package var matchLabels: [String: String]
  /// nil: every resource.
  package var targets: Set<ResourceKey>?
  /// nil: every endpoint.
  package var endpoints: Set<String>?

  package init(
    kinds: Set<String>? = nil, matchLabels: [String: String] = [:], targets: Set<ResourceKey>? = nil,
    endpoints: Set<String>? = nil
  ) {
    self.kinds = kinds
    self.matchLabels = matchLabels
    self.targets = targets
    self.endpoints = endpoints
  }

  /// Whether it leaves nothing out at the endpoints that it takes.
  package var isWhole: Bool { self == Selection(endpoints: endpoints) }

  /// - Parameter labels: nil when no manifest speaks of the resource any more, so that its labels are not known.
  func contains(_ key: ResourceKey, labels: [String: String]?) -> Bool {
    guard kinds?.contains(key.kind) ?? true, targets?.contains(key) ?? true else { return false }
    guard !matchLabels.isEmpty else { return true }
    return labels.map { $0.contains(matchLabels) } ?? false
  }
}

extension [String: String] {
  /// Whether all of these labels are among them.
  func contains(_ labels: [String: String]) -> Bool { labels.allSatisfy { self[$0] == $1 } }
}
