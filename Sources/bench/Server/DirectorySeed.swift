import Foundation
import JSON
import LocalDirectory
import SCIM
import Stores

/// Fills the store of a server before it starts, through the directory's own write path.
struct DirectorySeed {
  /// The ids of the users in the order of their numbers.
  private(set) var users: [String] = []
  /// The ids of groups by the number of their members.
  private(set) var groups: [Int: String] = [:]
  /// Of all resources as JSON, in bytes.
  private(set) var size = 0

  private let directory: Directory
  private let author = Author(name: "bench")
  /// Enough at a time to share transactions.
  private static let window = 512

  init(store: URL) throws {
    directory = Directory(
      store: try SQLiteDirectoryStore(path: store.path), catalog: .directory, passwordHasher: Argon2PasswordHasher(),
      now: { Date() }, newID: { ResourceID.make(at: Date()) })
  }

  /// Adds users up to this number.
  mutating func addUsers(upTo count: Int) async throws {
    let type = try resourceType("User")
    while users.count < count {
      let numbers = users.count..<min(users.count + Self.window, count)
      let made = try await withThrowingTaskGroup(of: (Int, String, Int).self) { [directory, author] tasks in
        for number in numbers {
          tasks.addTask {
            let attributes = Self.user(number)
            let id = try await directory.create(
              type: type, attributes: attributes, by: author, projection: .identity
            ).id
            return (number, id, attributes.serialized().count)
          }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      for (_, id, bytes) in made.sorted(by: { $0.0 < $1.0 }) {
        users.append(id)
        size += bytes
      }
    }
  }

  /// Adds a group of the first users.
  mutating func addGroup(of count: Int) async throws {
    let members = users.prefix(count).map { JSONValue.object(["value": .string($0)]) }
    groups[count] = try await directory.create(
      type: try resourceType("Group"),
      attributes: ["displayName": .string("Group of \(count)"), "members": .array(members)], by: author,
      projection: .identity
    ).id
  }

  static func userName(_ number: Int) -> String { "user\(number)@corp.example" }
  static func externalID(_ number: Int) -> String { "E-\(number)" }

  static func user(_ number: Int) -> JSONObject {
    let name = userName(number)
    return [
      "schemas": [.string(SchemaURN.user), .string(SchemaURN.enterpriseUser)], "userName": .string(name),
      "externalId": .string(externalID(number)),
      "name": [
        "givenName": "Alice", "familyName": .string("Smith \(number)"), "formatted": .string("Alice Smith \(number)"),
      ],
      "displayName": .string("Alice Smith \(number)"), "active": true, "title": "Engineer",
      "emails": [["value": .string(name), "type": "work", "primary": true]],
      "phoneNumbers": [["value": .string("+1 555 \(number)"), "type": "work"]],
      SchemaURN.enterpriseUser: ["employeeNumber": .string(String(number)), "department": "Engineering"],
    ]
  }

  private func resourceType(_ name: String) throws -> ResourceType {
    guard let type = directory.catalog.resourceType(name) else { throw BenchFailure("no resource type \(name)") }
    return type
  }
}
