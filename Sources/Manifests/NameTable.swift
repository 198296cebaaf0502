import Reconciliation

/// The names that documents have, by kind.
struct NameTable {
  private var names: [String: Set<String>] = [:]

  mutating func insert(_ key: ResourceKey) { names[key.kind, default: []].insert(key.name) }

  func contains(_ key: ResourceKey) -> Bool { names[key.kind]?.contains(key.name) ?? false }

  func names(of kind: String) -> Set<String> { names[kind] ?? [] }

  /// A name of the same kind that is spelt nearly so, or the same name of another kind.
  func hint(for key: ResourceKey) -> String? {
    if let other = names.keys.sorted().first(where: { names[$0]?.contains(key.name) ?? false }) {
      return "there is a \(other) of this name: write {\(other.lowercased()): \(key.name)} where a \(other) may stand"
    }
    return Spelling.hint(for: key.name, among: names[key.kind] ?? [])
  }
}
