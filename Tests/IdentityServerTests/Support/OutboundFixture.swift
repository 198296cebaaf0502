import Endpoints
import Foundation
import JSON
import LocalDirectory
import Logging
import NIOHTTP1
import Reconciliation
import SCIM
import Stores
import Synchronization
import Testing

@testable import IdentityServer

/// A directory in a file with outbound provisioning, but without a server of its own before it.
struct OutboundFixture: Sendable {
  let store: SQLiteDirectoryStore
  let file: String
  /// Writes here are observed.
  let directory: Directory
  let provisioning: OutboundProvisioning
  let gates: Gates
  let user: ResourceType
  let group: ResourceType

  /// One gate for each connector.
  final class Gates: Sendable {
    private let gates = Mutex<[String: CountedEndpoint.Gate]>([:])

    subscript(name: String) -> CountedEndpoint.Gate {
      gates.withLock { gates in
        let gate = gates[name] ?? CountedEndpoint.Gate()
        gates[name] = gate
        return gate
      }
    }
  }

  init(_ file: String, owner: String = "this", gates: Gates = Gates(), endpoints: [EndpointDeclaration] = []) throws {
    self.file = file
    self.gates = gates
    store = try SQLiteDirectoryStore(path: file)
    let box = SecretBox(Array("key of the test".utf8))
    let catalog = SchemaCatalog.directory
    let bare = Directory(
      store: store, catalog: catalog, passwordHasher: CountingHasher(), now: { Date() },
      newID: { UUID().uuidString.lowercased() }
    ).sealing(with: box)
    user = try #require(catalog.resourceType("User"))
    group = try #require(catalog.resourceType("Group"))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let factory = EndpointFactory(
      userAgent: "test", secret: { if case .literal(let secret) = $0 { secret } else { Secret("") } },
      directory: { _ in bare })
    var surroundings = ProvisioningSurroundings(
      directory: bare, store: store, secretBox: box, endpoints: endpoints,
      open: { declaration throws(EndpointError) in
        CountedEndpoint(try await factory.endpoint(for: declaration), gates[declaration.name])
      }, owner: owner, now: { Date() }, random: { 0 }, metrics: ServerMetrics(), logger: logger)
    surroundings.times.poll = .milliseconds(20)
    surroundings.policy = DeliveryPolicy(attempts: 2, backoff: Backoff(first: 0.01, longest: 0.05))
    provisioning = OutboundProvisioning(surroundings)
    directory = bare.observed(by: provisioning)
  }

  // MARK: Configuration

  /// Registers an identity provider with one connector, named `scim`.
  @discardableResult
  func provider(_ name: String, _ connector: JSONObject, blocking: Bool? = nil) async throws -> Resource {
    var connector = connector
    connector["name"] = "scim"
    var provisioning: JSONObject = ["connectors": [.object(connector)]]
    provisioning["blocking"] = blocking.map(JSONValue.bool)
    return try await create("IdentityProvider", ["name": .string(name), "provisioning": .object(provisioning)])
  }

  /// Makes these identity providers those of the server itself.
  @discardableResult
  func resident(_ providers: String...) async throws -> Resource {
    let list = providers.map { JSONValue.object(["identityProvider": .string($0), "connector": "scim"]) }
    return try await create("ServiceProvider", ["name": "resident", "outboundProvisioning": .array(list)])
  }

  func create(_ type: String, _ attributes: JSONObject, by author: Author = "user:admin") async throws -> Resource {
    let type = try #require(directory.catalog.resourceType(type))
    return try await directory.create(type: type, attributes: attributes, by: author)
  }

  // MARK: People

  @discardableResult
  func makeUser(_ name: String, _ more: JSONObject = [:], by author: Author = "user:admin") async throws -> String {
    var attributes = more
    attributes["userName"] = .string(name)
    return try await create("User", attributes, by: author).id
  }

  func makeGroup(_ name: String, members: [String] = []) async throws -> String {
    let references = members.map { JSONValue.object(["value": .string($0)]) }
    return try await create("Group", ["displayName": .string(name), "members": .array(references)]).id
  }

  func patch(_ type: ResourceType, _ id: String, _ operations: PatchOperation...) async throws {
    _ = try await directory.patch(type: type, id: id, operations: operations, by: "user:admin")
  }

  func set(_ attribute: String, _ value: JSONValue, of id: String) async throws {
    try await patch(user, id, PatchOperation(.replace, AttributePath(parsing: attribute), value: value))
  }

  // MARK: Running

  /// Runs provisioning while the body does.
  func running(_ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await self.provisioning.run() }
      defer { tasks.cancelAll() }
      try await body()
    }
  }
}

/// Runs the body with a fresh directory in a temporary file, and with provisioning, which works by itself or waits for
/// the body to let it.
func withOutbound(
  endpoints: [EndpointDeclaration] = [], isRunning: Bool = true, _ body: (OutboundFixture) async throws -> Void
) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("outbound-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let fixture = try OutboundFixture(folder.appendingPathComponent("directory.sqlite").path, endpoints: endpoints)
  if isRunning { try await fixture.running { try await body(fixture) } } else { try await body(fixture) }
}

/// Waits until the condition holds.
func eventually(
  _ what: Comment, within limit: Duration = .seconds(180), sourceLocation: Testing.SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record(what, sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(10))
  }
}

extension ServerFixture {
  /// A connector to this server, in one of the protocols that it speaks.
  func connector(_ type: String = "scim2", _ more: JSONObject = [:]) -> JSONObject {
    let base = type == "scim1" ? base1 : base
    var connector = more
    connector["type"] = .string(type)
    connector["username"] = "admin"
    connector["password"] = "admin"
    connector["userEndpoint"] = .string(base + "/Users")
    if connector["groupEndpoint"] == nil { connector["groupEndpoint"] = .string(base + "/Groups") }
    return connector
  }

  /// What there is under a name; nil when there is nothing.
  func find(_ path: String, _ attribute: String, _ name: String) async throws -> JSONValue? {
    let filter = "\(attribute)%20eq%20%22\(name)%22"
    return try await send(.GET, "\(path)?filter=\(filter)").resources.first
  }

  func user(_ name: String) async throws -> JSONValue? { try await find("/Users", "userName", name) }

  func group(_ name: String) async throws -> JSONValue? { try await find("/Groups", "displayName", name) }

  /// The names of the members of a group.
  func memberNames(of group: String) async throws -> [String] {
    guard let id = try await self.group(group)?["id"]?.string else { return [] }
    return try await members(of: id)
  }
}
