import SCIM

/// One way in which a resource comes to be in a group or role.
package struct MembershipWay: Hashable, Sendable {
  /// The group or role.
  package var container: ResourceSummary
  /// The groups between the resource and the container, the one that lists the resource first; empty when the container
  /// does that itself.
  package var through: [ResourceSummary]
}

extension Directory {
  /// How a resource comes to be in every group and role that holds it: of each the direct way, and one through every
  /// group in it that holds the resource, by the fewest steps. The nearest come first.
  package func ways(of id: String) async throws -> [MembershipWay] {
    try await store.read { reader in
      let direct = try reader.containers(of: id)
      var ways = direct.map { MembershipWay(container: $0, through: []) }
      // The shortest way to each container; what is reached first is reached by the fewest steps.
      var shortest = Dictionary(direct.map { ($0.id, [$0]) }, uniquingKeysWith: { first, _ in first })
      var queue = direct
      var next = 0
      while next < queue.count {
        let inner = queue[next]
        let steps = shortest[inner.id] ?? []
        for outer in try reader.containers(of: inner.id) {
          ways.append(MembershipWay(container: outer, through: steps))
          guard shortest[outer.id] == nil else { continue }
          shortest[outer.id] = steps + [outer]
          queue.append(outer)
        }
        next += 1
      }
      return ways
    }
  }
}
