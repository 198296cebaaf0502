import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import SeededRandom
import Synchronization
import Testing

@testable import Endpoints

/// Keeps passwords as they are: fast, and for tests only.
struct PlainHasher: PasswordHasher {
  func hash(_ password: String) async throws -> String { password }
  func verify(_ password: String, against hash: String) async -> Bool { password == hash }
}

extension Directory {
  /// An empty directory with ids that count up and a time that stands still.
  static func forTests() -> Directory {
    let counter = Counter()
    return Directory(
      store: InMemoryDirectoryStore(), catalog: .standard, passwordHasher: PlainHasher(),
      now: { Date(timeIntervalSince1970: 1_700_000_000) }, newID: { "id-\(counter.next())" })
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}

enum Fixtures {
  static func type(_ name: String) throws -> ResourceType { try #require(SchemaCatalog.standard.resourceType(name)) }

  static func user(_ userName: String, externalId: String? = nil) -> JSONObject {
    var user: JSONObject = [
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(userName), "active": true,
    ]
    user["externalId"] = externalId.map(JSONValue.string)
    return user
  }

  static func group(_ displayName: String, members: [String] = []) -> JSONObject {
    var group: JSONObject = [
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": .string(displayName),
    ]
    if !members.isEmpty { group["members"] = .array(members.map { ["value": .string($0)] }) }
    return group
  }

  static func fill(_ directory: Directory, users: Int) async throws {
    for number in 0..<users {
      _ = try await directory.create(type: try type("User"), attributes: user("user\(number)"), by: "test")
    }
  }

  /// The walk over all pages of a type.
  static func walk(_ endpoint: any Endpoint, _ type: ResourceType) async throws -> [ResourcePage] {
    var pages: [ResourcePage] = []
    var position: PagePosition?
    repeat {
      pages.append(try await endpoint.page(of: type, at: position))
      position = pages.last?.next
    } while position != nil && pages.count < 100
    return pages
  }
}

extension ConnectionConfiguration {
  /// What the test servers let in.
  static var forTests: ConnectionConfiguration {
    ConnectionConfiguration(
      credential: .basic(username: SCIMTestServer.userName, password: Secret(SCIMTestServer.password)),
      userAgent: "rollcall/test")
  }
}

extension SCIM2Endpoint {
  /// Runs the body with a client of the test server, whose waits take no time.
  static func use(
    _ url: String, clock: ManualClock = ManualClock(), configure: (inout SCIM2Configuration) -> Void = { _ in },
    _ body: (SCIM2Endpoint) async throws -> Void
  ) async throws {
    var configuration = SCIM2Configuration(
      name: "remote", url: url, connection: .forTests)
    configure(&configuration)
    let endpoint = try SCIM2Endpoint(configuration, clock: clock, generator: SplitMix64(seed: 7))
    try await endpoint.using(body)
  }
}

extension Endpoint {
  /// Runs the body, and lets go of the endpoint whatever becomes of it.
  func using(_ body: (Self) async throws -> Void) async throws {
    do {
      try await body(self)
    } catch {
      await close()
      throw error
    }
    await close()
  }
}

extension ResourceUpdate {
  /// One attribute, or a part of one, replaced.
  static func replacing(_ path: String, with value: JSONValue) throws -> ResourceUpdate {
    .patch([PatchOperation(.replace, try AttributePath(parsing: path), value: value)])
  }
}

extension FaultPlan {
  /// The requests that were no reads, as `PUT /path`.
  /// - Parameter count: how many requests of all kinds are left out at the beginning.
  func writes(since count: Int = 0) -> [String] { requests.dropFirst(count).filter { !$0.hasPrefix("GET ") } }
}

/// The error of a call that must fail.
func failure(
  _ body: () async throws -> Void, sourceLocation: Testing.SourceLocation = #_sourceLocation
) async -> EndpointError? {
  do {
    try await body()
    Issue.record("nothing failed", sourceLocation: sourceLocation)
  } catch let error as EndpointError {
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
