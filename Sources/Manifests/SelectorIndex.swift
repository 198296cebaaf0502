import Reconciliation

/// Finds the users that a selector selects.
struct SelectorIndex {
  private struct Label: Hashable {
    var name: String
    var value: String
  }

  /// Users by each of their labels, sorted by name.
  private var users: [Label: [ResourceDraft]] = [:]

  /// - Parameter resources: sorted by key.
  init(_ resources: [ResourceDraft]) {
    guard resources.contains(where: { $0.members?.selector.isEmpty == false }) else { return }
    for draft in resources where draft.key.kind == "User" {
      for (name, value) in draft.resource.labels { users[Label(name: name, value: value), default: []].append(draft) }
    }
  }

  /// The references and the users that have all these labels, sorted; who is named already keeps the terms of that.
  func adding(
    _ labels: [String: String], to references: [DesiredMembers.Reference]
  ) -> [DesiredMembers.Reference] {
    guard let first = labels.min(by: { $0.key < $1.key }) else { return references }
    let named = Set(references.map(\.key))
    let candidates = users[Label(name: first.key, value: first.value)] ?? []
    let selected = candidates.filter { candidate in
      !named.contains(candidate.key) && labels.allSatisfy { candidate.resource.labels[$0.key] == $0.value }
    }
    return (references + selected.map { DesiredMembers.Reference($0.key) }).sorted { $0.key < $1.key }
  }
}
