import Foundation
import HTTPTypes
import Hummingbird
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import SeededRandom
import Synchronization

@testable import Endpoints

/// A small, strict WSO2 Identity Server 5.11 on the loopback, with its deviations from RFC 7644 and faults on demand.
final class WSO2TestServer: Sendable {
  /// How the server differs from others.
  struct Manners: Sendable {
    var tenant = WSO2Settings.superTenant
    /// The most that a user store brings.
    var pageCap = 100
    /// What the endpoint is told of its user stores.
    var userStores: [String] = []
  }

  let directory: Directory
  let faults: FaultPlan
  let manners: Manners
  let applications: WSO2Applications
  let providers: WSO2Providers
  private let bodies = Mutex<[JSONObject]>([])

  init(_ manners: Manners, faults: FaultPlan, directory: Directory) {
    self.manners = manners
    self.faults = faults
    self.directory = directory
    let applications = WSO2Applications()
    self.applications = applications
    providers = WSO2Providers { applications.isUsed($0, $1) }
  }

  /// The bodies of all writes, in the order of arrival.
  var writes: [JSONObject] { bodies.withLock { $0 } }

  /// Runs a server on a free port while the body is at work with a client of it, whose waits take no time.
  static func use(
    _ manners: Manners = Manners(), faults: FaultPlan = FaultPlan(), directory: Directory = .forTests(),
    clock: ManualClock = ManualClock(),
    _ body: @escaping @Sendable (WSO2Endpoint, WSO2TestServer) async throws -> Void
  ) async throws {
    let server = WSO2TestServer(manners, faults: faults, directory: directory)
    try await LoopbackServer.run({ request in try await server.respond(to: request) }) { url in
      let configuration = WSO2Configuration(
        name: "wso2", url: url, settings: WSO2Settings(tenant: manners.tenant, userStores: manners.userStores),
        connection: .forTests)
      let endpoint = try WSO2Endpoint(configuration, clock: clock, generator: SplitMix64(seed: 7))
      try await endpoint.using { endpoint in try await body(endpoint, server) }
    }
  }

  /// Runs a server that has the identity provider `is2` with a connector `scim`.
  static func useWithConnector(
    tenant: String = WSO2Settings.superTenant, faults: FaultPlan = FaultPlan(),
    _ body: @escaping @Sendable (WSO2Endpoint, WSO2TestServer) async throws -> Void
  ) async throws {
    let providers = try Fixtures.type("IdentityProvider")
    try await use(.init(tenant: tenant), faults: faults) { endpoint, server in
      let connector: JSONObject = [
        "name": "scim", "type": "scim1", "username": "admin", "password": "c0nnector-pw",
        "userEndpoint": "https://x.example/Users",
      ]
      _ = try await endpoint.create(
        ["name": "is2", "provisioning": ["connectors": [.object(connector)]]], as: providers)
      try await body(endpoint, server)
    }
  }

  private func respond(to request: Request) async throws -> Response {
    try await faults.respond(to: request) { await answer(to: request) }
  }

  private func answer(to request: Request) async -> Response {
    do {
      try Self.check(request)
      return try await route(request)
    } catch let error as SCIMError {
      // No scimType tells of a name that is taken.
      return Self.answer(error.status, error.status == 409 ? SCIMError(status: 409, nil, "exists").json : error.json)
    } catch {
      return .test(500, text: "\(error)")
    }
  }

  /// What a strict server insists on.
  private static func check(_ request: Request) throws {
    guard request.headers[.authorization] == SCIMTestServer.authorization else {
      throw SCIMError(status: 401, nil, "Who?")
    }
    let mediaType = request.uri.path.contains("/api/server/v1/") ? "application/json" : "application/scim+json"
    guard request.headers[.accept]?.contains(mediaType) == true else {
      throw SCIMError(status: 406, nil, "Accept")
    }
    let hasBody = [.post, .put, .patch].contains(request.method)
    guard request.headers[.contentType] == (hasBody ? mediaType : nil) else {
      throw SCIMError(status: 406, nil, "Content-Type")
    }
    guard request.headers[.ifMatch] == nil else { throw SCIMError(status: 400, nil, "There are no entity tags.") }
  }

  private func route(_ request: Request) async throws -> Response {
    var path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    if manners.tenant != WSO2Settings.superTenant {
      guard path.prefix(2) == ["t", manners.tenant] else { return .test(404, text: "<html>no such tenant</html>") }
      path.removeFirst(2)
    }
    if path.prefix(3) == ["api", "server", "v1"] { return try await manage(request, Array(path.dropFirst(3))) }
    guard path.count > 1, path.removeFirst() == "scim2" else { return .test(404, text: "<html>nothing</html>") }
    if path.count == 1, let document = WSO2Documents.named(path[0]) { return Self.answer(200, document) }
    guard let type = directory.catalog.resourceTypes.first(where: { $0.endpoint == "/" + path[0] }) else {
      return .test(404)
    }
    let shape = WSO2Shape(type: type, directory: directory)
    switch (request.method, path.count) {
    case (.get, 1): return try await list(request, shape)
    case (.post, 1):
      let body = try await shape.stored(try await self.body(of: request))
      let made = try await directory.create(type: type, attributes: body, by: "test")
      return Self.answer(201, .object(shape.told(made)))
    case (.get, 2): return Self.answer(200, .object(shape.shown(try await directory.resource(type: type, id: path[1]))))
    case (.put, 2): return try await replace(path[1], try await self.body(of: request), shape)
    case (.patch, 2):
      let body = try await self.body(of: request)
      let current = try await directory.resource(type: type, id: path[1])
      let operations = try await shape.operations(body, on: current)
      let changed = try await directory.patch(
        type: type, id: path[1], operations: operations, ifMatch: nil, by: "test")
      return Self.answer(200, .object(shape.told(changed)))
    case (.delete, 2):
      try await directory.delete(type: type, id: path[1], ifMatch: nil, by: "test")
      return .test(204)
    default: throw SCIMError(status: 405, nil, "No.")
    }
  }

  private func manage(_ request: Request, _ path: [String]) async throws -> Response {
    let bytes = Array(try await request.body.collect(upTo: 1 << 24).readableBytesView)
    let body = bytes.isEmpty ? nil : try JSONValue(parsing: bytes)
    let query = request.uri.queryParameters
    let (limit, offset) = (query["limit"].flatMap { Int($0) } ?? 30, query["offset"].flatMap { Int($0) } ?? 0)
    let rest = Array(path.dropFirst())
    let answer: WSO2Answer
    switch path.first {
    case "identity-providers":
      answer = providers.answer(request.method, rest, body, limit: limit, offset: offset)
    case "applications":
      answer = applications.answer(request.method, rest, body, limit: limit, offset: offset, providers)
    default: return .test(404)
    }
    let headers = answer.location.map { ["Location": "/api/server/v1/\(path[0])/\($0)"] } ?? [:]
    return .test(
      answer.status, headers: headers.merging(["Content-Type": "application/json"]) { own, _ in own },
      text: answer.body.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "")
  }

  private func replace(_ id: String, _ body: JSONObject, _ shape: WSO2Shape) async throws -> Response {
    let current = try await directory.resource(type: shape.type, id: id)
    guard body["userName"] == current["userName"] else {
      throw SCIMError(status: 400, .mutability, "Attribute userName cannot be modified.")
    }
    let replaced = try await directory.replace(
      type: shape.type, id: id, attributes: try await shape.stored(body), ifMatch: nil, by: "test")
    return Self.answer(200, .object(shape.told(replaced)))
  }

  private func list(_ request: Request, _ shape: WSO2Shape) async throws -> Response {
    let query = request.uri.queryParameters
    guard query["sortBy"] == nil else { throw SCIMError(status: 501, nil, "Sorting is not supported") }
    let filter = try query["filter"].map { try shape.filter(String($0)) }
    let start = max(query["startIndex"].flatMap { Int($0) } ?? 1, 1)
    let asked = query["count"].flatMap { Int($0) } ?? manners.pageCap
    var asking = ListQuery(filter: filter, startIndex: start, count: min(asked, manners.pageCap))
    asking.domain = query["domain"].map(String.init)
    // With a filter or a count, no user store but the first is looked at.
    if asking.domain == nil, !manners.userStores.isEmpty, shape.type.name != "Role" { asking.domain = "PRIMARY" }
    let page = try await directory.list(type: shape.type, asking)
    var list: JSONObject = [
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      "totalResults": .number(JSONNumber(page.resources.count)), "startIndex": .number(JSONNumber(start)),
      "itemsPerPage": .number(JSONNumber(page.resources.count)),
    ]
    if !page.resources.isEmpty { list["Resources"] = .array(page.resources.map { .object(shape.told($0)) }) }
    return Self.answer(200, .object(list))
  }

  private func body(of request: Request) async throws -> JSONObject {
    let bytes = try await request.body.collect(upTo: 1 << 24)
    guard let object = try JSONValue(parsing: Array(bytes.readableBytesView)).object else {
      throw SCIMError(status: 400, .invalidSyntax, "not an object")
    }
    bodies.withLock { $0.append(object) }
    return object
  }

  private static func answer(_ status: Int, _ body: JSONValue) -> Response {
    .test(
      status, headers: ["Content-Type": "application/scim+json"],
      text: String(decoding: body.serialized(), as: UTF8.self)
    )
  }
}
