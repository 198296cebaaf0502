import Foundation
import JSON
import SCIM

/// What a resource has at one endpoint: in which groups and roles it is there, and whose doing that is.
package struct AccessThere: Sendable {
  /// One membership there, of the resource or of a group that holds it.
  package struct Holding: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
      /// We wrote it, or found it as the manifests ask for it, last at this time.
      case ours(Date)
      /// We never asked for it.
      case foreign
    }

    /// A name in Git, else a name there, as changes are written.
    package var member: String
    package var container: String
    package var memberID: String
    package var containerID: String
    /// nil for a group or role that no manifest describes.
    package var containerKey: ResourceKey?
    package var origin: Origin
    /// How many memberships lie before it: 0 for one of the resource itself.
    package var depth: Int
  }

  package var endpoint: String
  /// Its id there; nil when it is not there.
  package var id: String?
  /// nil where the endpoint does not say.
  package var isActive: Bool?
  /// The nearest first.
  package var holdings: [Holding]
  /// What an apply would change of its memberships.
  package var upcoming: [AccessChange]
  /// Why it cannot be told which one there it is.
  package var doubt: String?
}

extension EndpointPass {
  /// - Parameter key: looked up after the pass has planned.
  func access(of key: ResourceKey) -> AccessThere {
    let match = match(of: key)
    var there = AccessThere(
      endpoint: declaration.name, id: match?.live?.id, isActive: match?.live?.attributes.member("active")?.bool,
      holdings: [], upcoming: plan.accessChanges.filter { $0.member == References.name(key) })
    if let match, match.situation == .ambiguous {
      there.doubt = "\(match.correlation) fits more than one: ids \(match.candidates.joined(separator: ", "))"
    }
    if let id = there.id { there.holdings = holdings(from: id) }
    return there
  }

  func match(of key: ResourceKey) -> Match? {
    for kind in kinds {
      guard let index = kind.resources.firstIndex(where: { $0.key == key }) else { continue }
      return kind.matches[index]
    }
    return nil
  }

  private func holdings(from id: String) -> [AccessThere.Holding] {
    var keys: [String: ResourceKey] = [:]
    for kind in kinds {
      for (resource, match) in zip(kind.resources, kind.matches) {
        if let live = match.live { keys[live.id] = resource.key }
      }
    }
    var holders: [String: [Resource]] = [:]
    for kind in kinds {
      for live in kind.listing?.resources ?? [] {
        for member in live.memberIDs(kind.rules) { holders[member, default: []].append(live) }
      }
    }
    var found: [AccessThere.Holding] = []
    var depths = [id: 0]
    var queue = [id]
    while !queue.isEmpty {
      let inner = queue.removeFirst()
      let depth = depths[inner] ?? 0
      for live in (holders[inner] ?? []).sorted(by: { $0.id < $1.id }) where live.id != id {
        let key = keys[live.id]
        found.append(
          AccessThere.Holding(
            member: references.name(of: inner), container: key?.description ?? live.name, memberID: inner,
            containerID: live.id, containerKey: key, origin: origin(of: keys[inner], in: key), depth: depth))
        guard depths[live.id] == nil else { continue }
        depths[live.id] = depth + 1
        queue.append(live.id)
      }
    }
    return found
  }

  /// What the ledger knows of a membership.
  private func origin(of member: ResourceKey?, in container: ResourceKey?) -> AccessThere.Holding.Origin {
    guard let member, let container, let entry = ledger[container],
      entry.applied[Self.recordedMembers]?.array?.contains(.string(member.bulkId)) == true
    else { return .foreign }
    return .ours(entry.updatedAt)
  }
}
