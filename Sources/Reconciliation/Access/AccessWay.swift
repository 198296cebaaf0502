import Foundation

/// One step on the way to access: what the manifest of a group or role says of one of its members.
package struct AccessStep: Hashable, Sendable {
  package enum Basis: Hashable, Sendable {
    /// The manifest names the member.
    case named
    /// The member has all of these labels, which the manifest selects by.
    case selected([String: String])
  }

  /// Why a step leads nowhere at a moment.
  package enum Obstacle: Hashable, Sendable {
    /// The membership begins later.
    case notYet
    /// The membership has ended.
    case over
    /// The mode adds nobody: the members are observed, or only kept from growing.
    case mode(DesiredMembers.Mode)
    /// The group or role is to be gone.
    case containerAbsent
  }

  package var member: ResourceKey
  /// The group or role.
  package var container: ResourceKey
  package var basis: Basis
  package var from: Date?
  package var until: Date?
  package var mode: DesiredMembers.Mode
  package var isContainerAbsent: Bool
  /// Where the manifest of the group or role stands.
  package var source: SourceLocation

  /// Why it gives nothing at this moment; nil when it does.
  package func obstacle(at now: Date) -> Obstacle? {
    if isContainerAbsent { return .containerAbsent }
    if mode == .observe || mode == .atMost { return .mode(mode) }
    if let from, now < from { return .notYet }
    if let until, until <= now { return .over }
    return nil
  }
}

/// How a resource comes into a group or role: by the manifest of that one, or through groups in between.
package struct AccessWay: Hashable, Sendable {
  /// Never empty; the first is that of the resource itself, each other that of the container before it.
  package var steps: [AccessStep]

  package var container: ResourceKey { steps[steps.count - 1].container }

  /// Whether it gives the access at this moment.
  package func leads(at now: Date) -> Bool { steps.allSatisfy { $0.obstacle(at: now) == nil } }
}

extension DesiredState {
  /// How the manifests bring a resource into every group and role that they bring it into: of each the direct way, and
  /// one through every group in it that holds the resource, by the fewest steps; ways that lead somewhere at this moment
  /// come before those that do not. The nearest come first.
  package func ways(of key: ResourceKey, at now: Date) -> [AccessWay] {
    let steps = steps(towards: key)
    let leading = WayWalk(steps: steps.mapValues { $0.filter { $0.obstacle(at: now) == nil } }, from: key).ways
    let reached = Set(leading.map { $0.steps[$0.steps.count - 1] })
    // Where a way leads nowhere, its last step has to be told all the same.
    let others = WayWalk(steps: steps, from: key).ways.filter { !reached.contains($0.steps[$0.steps.count - 1]) }
    return leading + others
  }

  /// By member, the steps that may lie on a way: those of this resource, and those of groups.
  private func steps(towards key: ResourceKey) -> [ResourceKey: [AccessStep]] {
    var steps: [ResourceKey: [AccessStep]] = [:]
    for container in resources {
      guard let members = container.members else { continue }
      for reference in members.references where reference.key == key || reference.key.kind == "Group" {
        steps[reference.key, default: []].append(
          AccessStep(
            member: reference.key, container: container.key,
            basis: members.isNamed(reference.key) ? .named : .selected(members.selector), from: reference.from,
            until: reference.until, mode: members.mode, isContainerAbsent: container.lifecycle.state == .absent,
            source: container.location))
      }
    }
    return steps.mapValues { $0.sorted { $0.container < $1.container } }
  }
}

/// The walk from a resource outwards through the groups that hold it.
private struct WayWalk {
  private(set) var ways: [AccessWay] = []

  init(steps: [ResourceKey: [AccessStep]], from key: ResourceKey) {
    // The shortest way to each container; what is reached first is reached by the fewest steps.
    var shortest: [ResourceKey: [AccessStep]] = [key: []]
    var queue = [key]
    var next = 0
    while next < queue.count {
      let inner = queue[next]
      next += 1
      let way = shortest[inner] ?? []
      for step in steps[inner] ?? [] where step.container != key {
        ways.append(AccessWay(steps: way + [step]))
        guard shortest[step.container] == nil else { continue }
        shortest[step.container] = way + [step]
        queue.append(step.container)
      }
    }
  }
}
