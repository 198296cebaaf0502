import Foundation
import JSON
import LocalDirectory
import SCIM
import Synchronization

/// A directory in memory whose clock ticks a second at each write and whose ids count: `id-1`, `id-2`, …
struct DirectoryFixture: Sendable {
  let directory: Directory
  let store: InMemoryDirectoryStore
  let user: ResourceType
  let group: ResourceType
  let role: ResourceType

  init(catalog: SchemaCatalog = .directory) throws {
    let clock = Counter()
    let ids = Counter()
    store = InMemoryDirectoryStore()
    directory = Directory(
      store: store, catalog: catalog, passwordHasher: ReversingHasher(),
      now: { Date(timeIntervalSince1970: 1_800_000_000 + Double(clock.next())) }, newID: { "id-\(ids.next())" })
    user = try catalog.named("User")
    group = try catalog.named("Group")
    role = try catalog.named("Role")
  }

  func makeUser(_ userName: String, _ more: JSONObject = [:]) async throws -> Resource {
    var attributes = more
    attributes["userName"] = .string(userName)
    return try await directory.create(type: user, attributes: attributes, by: "test")
  }

  func makeGroup(_ name: String, members: [String] = []) async throws -> Resource {
    try await directory.create(
      type: group, attributes: ["displayName": .string(name), "members": Self.references(members)], by: "test")
  }

  func makeRole(_ name: String, users: [String] = [], groups: [String] = []) async throws -> Resource {
    let attributes: JSONObject = [
      "displayName": .string(name), "users": Self.references(users), "groups": Self.references(groups),
    ]
    return try await directory.create(type: role, attributes: attributes, by: "test")
  }

  /// The resource as the store keeps it.
  func stored(_ type: ResourceType, _ id: String) async throws -> StoredResource {
    try await store.read { reader in
      guard let stored = try reader.resource(type.name, id) else { throw SCIMError(status: 404, nil, id) }
      return stored
    }
  }

  func user(_ id: String) async throws -> Resource { try await directory.resource(type: user, id: id) }
  func group(_ id: String) async throws -> Resource { try await directory.resource(type: group, id: id) }

  func patchGroup(_ id: String, _ operations: PatchOperation...) async throws -> Resource {
    try await directory.patch(type: group, id: id, operations: operations, by: "test")
  }

  func patchUser(_ id: String, _ operations: PatchOperation...) async throws -> Resource {
    try await directory.patch(type: user, id: id, operations: operations, by: "test")
  }

  static func references(_ ids: [String]) -> JSONValue { .array(ids.map { ["value": .string($0)] }) }
}

extension Resource {
  /// The `value` of each element of a multi-valued attribute.
  func values(_ attribute: String) -> [String] { (self[attribute]?.array ?? []).compactMap { $0["value"]?.string } }

  /// `value` to `type` of each element.
  func types(_ attribute: String) -> [String: String] {
    (self[attribute]?.array ?? []).reduce(into: [:]) { types, element in
      if let value = element["value"]?.string { types[value] = element["type"]?.string }
    }
  }
}

extension SchemaCatalog {
  func named(_ name: String) throws -> ResourceType {
    guard let type = resourceType(name) else { throw SCIMError(status: 404, nil, name) }
    return type
  }
}

/// A hash that costs nothing and is not the password.
struct ReversingHasher: PasswordHasher {
  func hash(_ password: String) async throws -> String { "reversed:" + String(password.reversed()) }
  func verify(_ password: String, against hash: String) async -> Bool {
    hash == "reversed:" + String(password.reversed())
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}

/// The protocol error that the operation answers with; nil when it succeeds or throws something else.
func scimError(_ operation: () async throws -> some Any) async -> SCIMError? {
  do {
    _ = try await operation()
    return nil
  } catch {
    return error as? SCIMError
  }
}
