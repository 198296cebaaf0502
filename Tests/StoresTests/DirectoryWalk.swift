import Foundation
import JSON
import LocalDirectory
import SCIM
import SeededRandom
import Synchronization

/// A random sequence of operations on a directory, the same for the same seed.
struct DirectoryWalk {
  private var random: SplitMix64
  private let directory: Directory
  private let types: [ResourceType]
  private var ids: [String] = ["nobody"]

  init(over store: any DirectoryStore, seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    let clock = Count()
    let numbers = Count()
    directory = Directory(
      store: store, catalog: .standard, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_000 + Double(clock.next()) / 8) }, newID: { "id-\(numbers.next())" })
    types = ["User", "Group", "Role"].compactMap(SchemaCatalog.standard.resourceType)
  }

  /// What each step was answered with, and everything that the directory holds at the end.
  mutating func take(steps: Int) async throws -> [String] {
    var transcript: [String] = []
    for _ in 0..<steps {
      do {
        transcript.append(try await step())
      } catch let error as SCIMError {
        transcript.append("\(error.status) \(error.detail)")
      }
    }
    for type in types {
      transcript += try await directory.list(type: type).resources.map { $0.attributes.text }
    }
    transcript += try await directory.events(after: 0, limit: .max).map { "\($0)" }
    return transcript
  }

  private mutating func step() async throws -> String {
    let type = pick(types)
    let id = pick(ids)
    let ifMatch = random.next() % 8 == 0 ? "W/\"2\"" : nil
    switch random.next() % 10 {
    case 0...2:
      let resource = try await directory.create(type: type, attributes: attributes(type), by: "walk")
      ids.append(resource.id)
      return resource.attributes.text
    case 3:
      return try await directory.replace(
        type: type, id: id, attributes: attributes(type), ifMatch: ifMatch, by: "walk"
      ).attributes.text
    case 4...6:
      return try await directory.patch(
        type: type, id: id, operations: operations(type), ifMatch: ifMatch, by: "walk"
      ).attributes.text
    case 7:
      try await directory.delete(type: type, id: id, ifMatch: ifMatch, by: "walk")
      return "deleted"
    case 8:
      return try await directory.resource(type: type, id: id).attributes.text
    default:
      let list = try await directory.list(type: type, query(type))
      return String(describing: list.totalResults) + " " + list.resources.map(\.id).joined(separator: " ")
    }
  }

  private mutating func attributes(_ type: ResourceType) -> JSONObject {
    var attributes = JSONObject()
    attributes[Self.name(of: type)] = .string(pick(["anna", "Anna", "bert", "carl", "dora", "emil", "fred"]))
    for list in Self.lists(of: type) { attributes[list] = members() }
    if type.name == "User" {
      attributes["title"] = .string(pick(["Dr", "Prof"]))
      attributes["password"] = .string(pick(["one", "two"]))
    }
    return attributes
  }

  private mutating func operations(_ type: ResourceType) -> [PatchOperation] {
    guard let list = Self.lists(of: type).randomElement(using: &random) else {
      return [
        PatchOperation(.replace, AttributePath(pick(["title", "userName"])), value: .string(pick(["anna", "gert"])))
      ]
    }
    let named = AttributePath(list, valueFilter: .compare(AttributePath("value"), .equal, .string(pick(ids))))
    return [
      pick([
        PatchOperation(.add, AttributePath(list), value: members()),
        PatchOperation(.replace, AttributePath(list), value: members()), PatchOperation(.remove, named),
        PatchOperation(.replace, AttributePath("displayName"), value: .string(pick(["anna", "gert"]))),
      ])
    ]
  }

  private mutating func query(_ type: ResourceType) -> ListQuery {
    let equals = Filter.compare(AttributePath(Self.name(of: type)), .equal, .string(pick(["ANNA", "bert"])))
    let later = Filter.compare(AttributePath("meta", sub: "version"), .notEqual, "W/\"1\"")
    return ListQuery(
      filter: pick([
        nil, equals, later, .and(equals, later), .or(equals, .compare(AttributePath("id"), .equal, "id-1")),
      ]),
      sortBy: pick([nil, AttributePath(Self.name(of: type))]), descending: random.next() % 2 == 0,
      startIndex: Int(random.next() % 5), count: pick([nil, 0, 2, 5]))
  }

  private mutating func members() -> JSONValue {
    .array((0..<random.next() % 4).map { _ in ["value": .string(pick(ids))] })
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }

  private static func name(of type: ResourceType) -> String { type.name == "User" ? "userName" : "displayName" }

  private static func lists(of type: ResourceType) -> [String] {
    switch type.name {
    case "Group": ["members"]
    case "Role": ["users", "groups"]
    default: []
    }
  }
}

/// A hash that costs nothing.
struct EchoHasher: PasswordHasher {
  func hash(_ password: String) async throws -> String { "hash of \(password)" }
  func verify(_ password: String, against hash: String) async -> Bool { hash == "hash of \(password)" }
}

/// Counts from 1.
final class Count: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}
