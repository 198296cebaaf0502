import Foundation
import JSON
import LocalDirectory
import SCIM
import SeededRandom

/// A random sequence of writes to a few resources, with a record of what each was before and after every event.
struct HistoryWalk {
  private(set) var expected: [DirectoryChange] = []
  let directory: Directory
  private var random: SplitMix64
  private var states: [String: JSONObject] = [:]
  private let user: ResourceType
  private let group: ResourceType
  /// So few that each is changed often.
  private static let people = 3

  init(over store: any DirectoryStore, seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    let numbers = Count()
    directory = Directory(
      store: store, catalog: .directory, passwordHasher: EchoHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_000) }, newID: { "id-\(numbers.next())" })
    user = try Self.type("User")
    group = try Self.type("Group")
  }

  mutating func take(steps: Int) async throws {
    _ = try await directory.create(type: group, attributes: ["displayName": "all"], by: "walk")
    try await remember()
    for _ in 0..<steps {
      try await step()
      try await remember()
    }
  }

  private mutating func step() async throws {
    let people = states.keys.filter { $0 != "id-1" }.sorted()
    guard let id = people.randomElement(using: &random), people.count >= Self.people || random.next() % 8 > 0 else {
      _ = try await directory.create(type: user, attributes: attributes("user\(expected.count)"), by: "walk")
      return
    }
    switch random.next() % 100 {
    case 0: try await directory.delete(type: user, id: id, by: "walk")
    case 1...20:
      _ = try await directory.replace(type: user, id: id, attributes: attributes(id), by: "walk")
    case 21...30:
      let member = PatchOperation(.add, AttributePath("members"), value: [["value": .string(id)]])
      _ = try await directory.patch(type: group, id: "id-1", operations: [member], by: "walk")
    default: _ = try await directory.patch(type: user, id: id, operations: [operation()], by: "walk")
    }
  }

  private mutating func attributes(_ name: String) -> JSONObject {
    var attributes: JSONObject = ["userName": .string(name)]
    for key in ["title", "nickName"] where random.next() % 2 == 0 { attributes[key] = text() }
    if random.next() % 2 == 0 { attributes["emails"] = [["value": text(), "type": "work"]] }
    if random.next() % 2 == 0 { attributes[SchemaURN.enterpriseUser] = ["department": text()] }
    return attributes
  }

  private mutating func operation() -> PatchOperation {
    let department = AttributePath(schema: SchemaURN.enterpriseUser, "department")
    let path = [AttributePath("title"), AttributePath("nickName"), department][Int(random.next() % 3)]
    return random.next() % 3 == 0 ? PatchOperation(.remove, path) : PatchOperation(.replace, path, value: text())
  }

  private mutating func text() -> JSONValue { .string(["one", "two", "three"][Int(random.next() % 3)]) }

  /// Takes down what the last step made of the resources that its events are about.
  private mutating func remember() async throws {
    for event in try await directory.events(after: expected.count, limit: .max) {
      let after = event.action == .delete ? nil : try await state(event.id)
      expected.append(DirectoryChange(event: event, before: states[event.id], after: after))
      states[event.id] = after
    }
  }

  /// What the server answers with, as far as events tell it.
  private func state(_ id: String) async throws -> JSONObject {
    var attributes = try await directory.resource(type: id == "id-1" ? group : user, id: id).attributes
    for computed in ["id", "meta", "members", "groups"] { attributes[computed] = nil }
    return attributes
  }

  private static func type(_ name: String) throws -> ResourceType {
    guard let type = SchemaCatalog.directory.resourceType(name) else { throw SCIMError(status: 404, nil, name) }
    return type
  }
}
