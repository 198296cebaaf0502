import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Stores
import Synchronization
import Testing

@testable import Controller

/// An embedded directory, a state file, and passes between them and manifests.
struct World {
  let folder: TemporaryFolder
  let storage: SQLiteStateStore
  let directory: Directory
  let clock = TestClock()
  var declaration = EndpointDeclaration(name: "local", driver: .embedded)

  init() throws {
    folder = try TemporaryFolder()
    storage = try SQLiteStateStore(path: folder.file("state.sqlite"))
    let ids = Counter()
    directory = Directory(
      store: InMemoryDirectoryStore(), catalog: .standard, passwordHasher: PlainHasher(),
      now: { [clock] in clock.now }, newID: { "id-\(ids.next())" })
  }

  var endpoint: DirectoryEndpoint { DirectoryEndpoint(name: declaration.name, directory: directory, pageSize: 10) }

  func reconciler(
    _ endpoint: any Endpoint, storage: (any LedgerStorage)? = nil, stop: StopSignal = StopSignal(),
    secrets: [String: String] = [:]
  ) -> Reconciler {
    Reconciler(
      endpoints: [endpoint], storage: storage ?? self.storage, secrets: SecretResolver(environment: secrets),
      stop: stop, now: { [clock] in clock.now })
  }

  func survey(_ resources: [DesiredResource], through endpoint: (any Endpoint)? = nil, prune: Bool = false)
    async throws -> Plan
  {
    try await reconciler(endpoint ?? self.endpoint).survey(desired(resources), options(prune: prune)).plan
  }

  /// One pass.
  @discardableResult
  func apply(
    _ resources: [DesiredResource], through endpoint: (any Endpoint)? = nil, storage: (any LedgerStorage)? = nil,
    stop: StopSignal = StopSignal(), secrets: [String: String] = [:], prune: Bool = false, run: String = "run-1"
  ) async throws -> [Outcome] {
    let reconciler = reconciler(endpoint ?? self.endpoint, storage: storage, stop: stop, secrets: secrets)
    let survey = try await reconciler.survey(desired(resources), options(prune: prune))
    #expect(survey.unreachable.isEmpty)
    switch try await reconciler.carryOut(survey.plan, options(prune: prune), run: run) {
    case .inSync: return []
    case .applied(let summary): return summary.results.map(\.outcome)
    case .refused(let objections):
      Issue.record("refused: \(objections.map(\.message))")
      return []
    }
  }

  /// Whether a pass over these would send nothing, remember nothing new and leave nothing out.
  func expectConverged(
    _ resources: [DesiredResource], sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let counted = TestEndpoint(endpoint)
    #expect(try await apply(resources, through: counted, run: "run-again").isEmpty, sourceLocation: sourceLocation)
    #expect(counted.writes == 0, sourceLocation: sourceLocation)
    let plan = try await survey(resources).endpoints.first
    #expect(plan?.adoptions.isEmpty == true, sourceLocation: sourceLocation)
    #expect(plan?.withheld.isEmpty == true, sourceLocation: sourceLocation)
    #expect(try await storage.openIntents(at: declaration.name).isEmpty, sourceLocation: sourceLocation)
  }

  func resources(_ kind: String) async throws -> [Resource] {
    let type = try #require(SchemaCatalog.standard.resourceType(kind))
    return try await directory.list(type: type, ListQuery()).resources
  }

  func names(_ kind: String = "User") async throws -> Set<String> {
    Set(try await resources(kind).compactMap { $0.userName ?? $0.displayName })
  }

  /// How many users may log in.
  func active() async throws -> Int { try await resources("User").count { $0.attributes["active"]?.bool != false } }

  func create(_ kind: String, _ attributes: JSONObject) async throws -> Resource {
    let type = try #require(SchemaCatalog.standard.resourceType(kind))
    return try await directory.create(type: type, attributes: attributes, by: "somebody")
  }

  func patch(_ kind: String, _ id: String, _ operations: [PatchOperation]) async throws {
    let type = try #require(SchemaCatalog.standard.resourceType(kind))
    _ = try await directory.patch(type: type, id: id, operations: operations, ifMatch: nil, by: "somebody")
  }

  func desired(_ resources: [DesiredResource]) -> DesiredState {
    DesiredState(resources: resources.sorted { $0.key < $1.key }, endpoints: [declaration])
  }

  func options(prune: Bool = false) -> Reconciler.Options { Reconciler.Options(prune: prune) }
}

/// A time that only moves when it is told to.
final class TestClock: Sendable {
  private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

  var now: Date { time.withLock { $0 } }

  func advance(by seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

final class Counter: Sendable {
  private let value = Mutex(0)

  @discardableResult
  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }

  var count: Int { value.withLock { $0 } }
}

/// Keeps passwords as they are: fast, and for tests only.
struct PlainHasher: PasswordHasher {
  func hash(_ password: String) async throws -> String { password }
  func verify(_ password: String, against hash: String) async -> Bool { password == hash }
}

// MARK: Short forms

let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
private let somewhere = Reconciliation.SourceLocation(file: "people.yaml", line: 1)

func user(
  _ name: String, _ attributes: JSONObject = [:], manager: String? = nil, secrets: [String: SecretReference] = [:],
  rotates: Bool = false
) -> DesiredResource {
  var all: JSONObject = ["userName": .string(name)]
  for member in attributes { all[member.key] = member.value }
  if let manager { all[enterprise] = ["manager": ["value": .string(ResourceKey("User", manager).bulkId)]] }
  return DesiredResource(
    key: ResourceKey("User", name), attributes: all, secrets: secrets, rotatesSecrets: rotates, location: somewhere)
}

func group(_ name: String, users: [String] = [], groups: [String] = []) -> DesiredResource {
  let keys = groups.map { ResourceKey("Group", $0) } + users.map { ResourceKey("User", $0) }
  return DesiredResource(
    key: ResourceKey("Group", name), attributes: ["displayName": .string(name)],
    members: DesiredMembers(references: keys.sorted().map { .init($0) }), location: somewhere)
}

func users(_ count: Int) -> [DesiredResource] { (1...count).map { user("user\($0)") } }

/// A change that creates, for tests of the order.
func change(_ name: String, action: Change.Action = .create, after dependencies: [String] = []) -> Change {
  Change(
    key: ResourceKey("User", name), action: action, situation: .missing, request: .create([:]),
    dependencies: dependencies.map { ResourceKey("User", $0) })
}
