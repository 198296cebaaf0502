import Foundation

/// Who is in which group or role by the manifests: through groups in groups, and for how long.
struct Memberships {
  /// A time from a moment on and before another.
  struct Period: Hashable {
    var start: Date
    var end: Date

    static let always = Period(start: .distantPast, end: .distantFuture)

    func shared(with other: Period) -> Period? {
      let shared = Period(start: max(start, other.start), end: min(end, other.end))
      return shared.start < shared.end ? shared : nil
    }

    func covers(_ other: Period) -> Bool { start <= other.start && other.end <= end }
  }

  /// How somebody comes to be in a group: the group, the groups between, and the person.
  struct Way: Hashable {
    var path: [ResourceKey]
    var period: Period
  }

  private let members: [ResourceKey: [DesiredMembers.Reference]]
  private let absent: Set<ResourceKey>

  /// What is only observed is not asked for, and who is to be absent is nowhere.
  init(_ resources: [DesiredResource]) {
    absent = Set(resources.lazy.filter { $0.lifecycle.state == .absent }.map(\.key))
    members = Dictionary(
      resources.compactMap { resource in
        guard let members = resource.members, members.mode != .observe else { return nil }
        return (resource.key, members.references)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The people in a group or role, each with the ways there; of two ways of which one holds whenever the other does, the
  /// shorter stays.
  func people(in group: ResourceKey) -> [ResourceKey: [Way]] {
    var ways: [ResourceKey: [Way]] = [:]
    var queue = [Way(path: [group], period: .always)]
    var next = 0
    while next < queue.count {
      let way = queue[next]
      next += 1
      guard let last = way.path.last, !absent.contains(last) else { continue }
      for reference in members[last] ?? [] where !absent.contains(reference.key) {
        guard let period = way.period.shared(with: reference.period) else { continue }
        guard !(ways[reference.key] ?? []).contains(where: { $0.period.covers(period) }) else { continue }
        let step = Way(path: way.path + [reference.key], period: period)
        ways[reference.key, default: []].append(step)
        if members[reference.key] != nil { queue.append(step) }
      }
    }
    return ways.filter { $0.key.kind == "User" }
  }

  /// The group or role itself and all groups in it.
  /// - Parameter more: groups that are in others besides, by those others.
  func groups(within group: ResourceKey, and more: [ResourceKey: [ResourceKey]] = [:]) -> Set<ResourceKey> {
    var found: Set<ResourceKey> = [group]
    var queue = [group]
    while let next = queue.popLast() {
      let inner = (members[next] ?? []).lazy.map(\.key).filter { $0.kind == "Group" } + (more[next] ?? [])
      for key in inner where found.insert(key).inserted { queue.append(key) }
    }
    return found
  }
}

extension DesiredMembers.Reference {
  fileprivate var period: Memberships.Period {
    Memberships.Period(start: from ?? .distantPast, end: until ?? .distantFuture)
  }
}
