/// Who belongs where, within one transaction. Remembers what it read: the users of a page share their groups.
final class MembershipGraph {
  struct Place: Hashable {
    var container: ResourceSummary
    /// Whether the container lists the resource itself, rather than a group that it is in.
    var isDirect: Bool
  }

  private let reader: any DirectoryReader
  private var known: [String: [ResourceSummary]] = [:]

  init(_ reader: any DirectoryReader) { self.reader = reader }

  /// Reads the places of many resources at once: the resources of a page.
  func prepare(_ ids: [String]) throws {
    let containers = try reader.containers(of: ids)
    for id in ids { known[id] = containers[id] ?? [] }
  }

  /// The groups and roles that hold a resource, each once, the nearest first.
  func places(of id: String) throws -> [Place] {
    let direct = try containers(of: id)
    var places = direct.map { Place(container: $0, isDirect: true) }
    var seen = Set(direct.map(\.id))
    var next = 0
    while next < places.count {
      for outer in try containers(of: places[next].container.id) where seen.insert(outer.id).inserted {
        places.append(Place(container: outer, isDirect: false))
      }
      next += 1
    }
    return places
  }

  private func containers(of id: String) throws -> [ResourceSummary] {
    if let containers = known[id] { return containers }
    let containers = try reader.containers(of: id)
    known[id] = containers
    return containers
  }
}
