import Reconciliation

/// Finds groups that contain themselves, directly or through others. Without recursion: chains may be long.
struct MembershipCycles {
  private enum Visit { case open, done }

  /// A group on the way down, and how many of its groups have been looked at.
  private struct Step {
    var group: Int
    var next = 0
  }

  /// A group in a group, and where it stands there.
  private struct Subgroup {
    var key: ResourceKey
    var mark: YAMLMark
  }

  private let resources: [ResourceDraft]
  /// The groups that have groups in them.
  private var groups: [ResourceKey: Int] = [:]
  private var subgroups: [Int: [Subgroup]] = [:]
  private var visits: [Int: Visit] = [:]
  private var path: [Step] = []

  /// - Parameter resources: sorted by key, so that the same groups give the same diagnostics.
  static func report(in resources: [ResourceDraft], into faults: inout FaultList) {
    var search = MembershipCycles(resources)
    for group in search.groups.values.sorted() { search.visit(group, into: &faults) }
  }

  private init(_ resources: [ResourceDraft]) {
    self.resources = resources
    for (index, draft) in resources.enumerated() where draft.key.kind == "Group" {
      // Groups come before users in the order of keys.
      guard let members = draft.members, members.references.first?.key.kind == "Group" else { continue }
      groups[draft.key] = index
      subgroups[index] = zip(members.references, members.marks).prefix { $0.0.key.kind == "Group" }
        .map { Subgroup(key: $0.key, mark: $1) }
    }
  }

  private mutating func visit(_ start: Int, into faults: inout FaultList) {
    guard visits[start] == nil else { return }
    visits[start] = .open
    path = [Step(group: start)]
    while let step = path.last {
      guard let entries = subgroups[step.group], step.next < entries.count else {
        visits[step.group] = .done
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      guard let child = groups[entries[step.next].key] else { continue }
      switch visits[child] {
      case nil:
        visits[child] = .open
        path.append(Step(group: child))
      case .open: reportCycle(from: child, into: &faults)
      case .done: break
      }
    }
  }

  /// The groups on the path from `start` on form a circle; every step has just looked at the next one.
  private func reportCycle(from start: Int, into faults: inout FaultList) {
    let circle = path.drop { $0.group != start }
    let links = circle.compactMap { step in
      subgroups[step.group].map { (resources[step.group], $0[step.next - 1]) }
    }
    guard let (first, entry) = links.first else { return }
    let names = links.map(\.0.key.name) + [first.key.name]
    faults.report(
      .membershipCycle, "the group `\(first.key.name)` contains itself: \(names.joined(separator: " → "))",
      at: first.location(entry.mark), length: Int(entry.mark.length), hint: "remove one of these memberships",
      notes: links.dropFirst().map { draft, entry in
        .init("`\(draft.key.name)` contains `\(entry.key.name)` here", at: draft.location(entry.mark))
      })
  }
}
