import Foundation
import JSON
import LocalDirectory
import SCIM
import SeededRandom
import Testing

/// Listings by an index hold what the evaluation of the filter over every resource lets through, in the same order.
struct NarrowingAgreesTests {
  @Test(arguments: StoreUnderTest.allCases, [11, 12, 13] as [UInt64])
  func filteredListingsAreWhole(_ kind: StoreUnderTest, _ seed: UInt64) async throws {
    try await kind.use { store in
      var population = Population(over: store, seed: seed)
      try await population.grow(steps: 150)
      var hits = 0
      for type in population.types {
        let all = try await population.directory.list(type: type).resources
        for _ in 0..<120 {
          let filter = population.filter(depth: 2)
          guard let predicate = try? FilterPredicate(filter, type: type, catalog: .directory) else { continue }
          let expected = all.filter { predicate.matches($0.attributes) }.map(\.id)
          let actual = try await population.directory.list(type: type, ListQuery(filter: filter)).resources.map(\.id)
          #expect(actual == expected, "\(type.name) \(filter), seed \(seed)")
          hits += expected.isEmpty ? 0 : 1
        }
      }
      #expect(hits > 60, "too few filters let anything through to prove anything")
    }
  }
}

/// Users, groups and roles at random, and filters about them, the same for the same seed.
private struct Population {
  let directory: Directory
  let types: [ResourceType]
  private var random: SplitMix64
  private var ids: [(type: ResourceType, id: String)] = []

  /// Decomposed and precomposed, of one letter and of several, with letters whose case changes their length.
  private static let names = [
    "anna", "Anna", "ANNABEL", "anne", "\u{e4}nne", "a\u{308}nne", "jose", "jos\u{e9}", "Jose\u{301}", "\u{130}nci",
    "o",
    "\u{1e9e}traße", "\u{ac01}", "\u{1100}\u{1161}\u{11a8}", "x\u{300}\u{323}y",
    String(repeating: "long ", count: 120) + "a",
    String(repeating: "long ", count: 120) + "b", "n\u{0}ul", "100%", "a_b",
  ]

  init(over store: any DirectoryStore, seed: UInt64) {
    random = SplitMix64(seed: seed)
    let clock = Count()
    let numbers = Count()
    directory = Directory(
      store: store, catalog: .directory, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_000 + Double(clock.next()) * 0.117) },
      newID: { "id-\(numbers.next())" })
    types = ["User", "Group", "Role"].compactMap(SchemaCatalog.directory.resourceType)
  }

  /// Creates, changes and deletes, so that the index has seen all of it.
  mutating func grow(steps: Int) async throws {
    for _ in 0..<steps {
      do {
        try await step()
      } catch let error as SCIMError {
        // Names that are taken, and groups that hold one another.
        guard [400, 409].contains(error.status) else { throw error }
      }
    }
  }

  private mutating func step() async throws {
    let type = pick(types)
    switch random.next() % 8 {
    case 0 where ids.count > 10:
      let victim = ids.remove(at: Int(random.next() % UInt64(ids.count)))
      try await directory.delete(type: victim.type, id: victim.id, by: "test")
    case 1...2 where !ids.isEmpty:
      let (type, id) = pick(ids)
      _ = try await directory.replace(type: type, id: id, attributes: attributes(type), by: "test")
    default:
      let resource = try await directory.create(type: type, attributes: attributes(type), by: "test")
      ids.append((type, resource.id))
    }
  }

  private mutating func attributes(_ type: ResourceType) -> JSONObject {
    var attributes: JSONObject = ["displayName": .string(pick(Self.names))]
    switch type.name {
    case "User":
      attributes["userName"] = .string(pick(Self.names) + String(random.next() % 4))
      attributes["externalId"] = .string(pick(Self.names))
      attributes["emails"] = .array(
        (0..<random.next() % 3).map { _ in ["value": .string(pick(Self.names) + "@x.org"), "type": "work"] })
    case "Group":
      attributes["displayName"] = .string(pick(Self.names) + String(random.next() % 4))
      attributes["members"] = members(of: ["User", "Group"])
    default:
      attributes["displayName"] = .string(pick(Self.names) + String(random.next() % 4))
      attributes["users"] = members(of: ["User"])
      attributes["groups"] = members(of: ["Group"])
    }
    return attributes
  }

  private mutating func members(of types: [String]) -> JSONValue {
    let candidates = ids.filter { types.contains($0.type.name) }
    guard !candidates.isEmpty else { return [] }
    return .array((0..<random.next() % 4).map { _ in ["value": .string(pick(candidates).id)] })
  }

  mutating func filter(depth: Int) -> Filter {
    guard depth > 0, random.next() % 3 > 0 else { return leaf() }
    let (a, b) = (filter(depth: depth - 1), filter(depth: depth - 1))
    return pick([.and(a, b), .or(a, b), .and(a, .not(b))])
  }

  private mutating func leaf() -> Filter {
    switch random.next() % 8 {
    case 0...2: return text(AttributePath(pick(["userName", "externalId", "displayName", "USERNAME"])))
    case 3:
      let path = pick([AttributePath("emails"), AttributePath("emails", sub: "value")])
      return pick([text(path), .valuePath(AttributePath("emails"), text(AttributePath("value")))])
    case 4...5:
      let list = pick(["members", "groups", "roles", "users"])
      let id = ids.isEmpty ? "nobody" : pick(ids).id
      let operand = JSONValue.string(pick([id, id.uppercased()]))
      return pick([
        .compare(AttributePath(list), .equal, operand), .compare(AttributePath(list, sub: "value"), .equal, operand),
        .valuePath(AttributePath(list), .compare(AttributePath("value"), .equal, operand)),
      ])
    case 6:
      return .compare(AttributePath("id"), .equal, .string(ids.isEmpty ? "nobody" : pick(ids).id))
    default: return time()
    }
  }

  private mutating func text(_ path: AttributePath) -> Filter {
    let name = pick(Self.names)
    let value = pick([name, name.uppercased(), name + "1", name + "@X.ORG"])
    if random.next() % 3 == 0 { return .compare(path, pick([.equal, .notEqual, .contains]), .string(value)) }
    let scalars = value.unicodeScalars.prefix(Int(random.next() % UInt64(value.unicodeScalars.count + 1)))
    return .compare(path, .startsWith, .string(String(String.UnicodeScalarView(scalars))))
  }

  private mutating func time() -> Filter {
    let date = Date(timeIntervalSince1970: 1_800_000_000 + Double(random.next() % 200) * 0.117)
    let stamp = Timestamp.text(date)
    let operand = JSONValue.string(
      pick([stamp, stamp.replacing("Z", with: "4Z"), stamp.replacing("Z", with: "+00:00")]))
    let path = AttributePath("meta", sub: pick(["created", "lastModified"]))
    return .compare(path, pick([.equal, .greaterThan, .greaterOrEqual, .lessThan, .lessOrEqual, .notEqual]), operand)
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }
}
