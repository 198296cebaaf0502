import Foundation
import HTTPTypes
import Hummingbird
import JSON
import LocalDirectory
import SCIM

@testable import Endpoints

/// A small, strict SCIM 1.1 server on the loopback over an embedded directory: as a stock WSO2 Identity Server 5.11, or as
/// the specification has it, with faults on demand.
struct SCIM1TestServer: Sendable {
  /// How the server differs from the other.
  struct Manners: Sendable {
    /// Lists ids and names only, refuses `startIndex`, names groups `PRIMARY/…`, wants the names of members.
    var isWSO2 = false
    /// Brings no more than this on a page.
    var pageCap: Int?
    /// The answer of /ServiceProviderConfigs; nil answers 404.
    var configuration: JSONObject?
    /// Whether PATCH is known.
    var patches = true

    static let wso2 = Manners(isWSO2: true)
    static let specification = Manners(
      configuration: [
        "schemas": ["urn:scim:schemas:core:1.0"], "patch": ["supported": true], "bulk": ["supported": false],
        "filter": ["supported": true, "maxResults": 500], "sort": ["supported": false], "etag": ["supported": true],
        "changePassword": ["supported": true],
      ])
  }

  let directory: Directory
  let faults: FaultPlan
  let manners: Manners

  /// Runs a server on a free port while the body is at work with a client of it, whose waits take no time.
  static func use(
    _ manners: Manners, faults: FaultPlan = FaultPlan(), directory: Directory = .forTests(),
    clock: ManualClock = ManualClock(),
    configure: @escaping @Sendable (inout SCIM1Configuration) -> Void = { _ in },
    _ body: @escaping @Sendable (SCIM1Endpoint) async throws -> Void
  ) async throws {
    let server = SCIM1TestServer(directory: directory, faults: faults, manners: manners)
    try await LoopbackServer.run({ request in try await server.respond(to: request) }) { url in
      var configuration = SCIM1Configuration(
        name: "legacy", userEndpoint: url + "/wso2/scim/Users", groupEndpoint: url + "/wso2/scim/Groups",
        connection: .forTests)
      configure(&configuration)
      let endpoint = try SCIM1Endpoint(configuration, clock: clock)
      try await endpoint.using(body)
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
      return Self.answer(error.status, Dialect11.encoded(error))
    } catch {
      return .test(500, text: "\(error)")
    }
  }

  /// What a strict server insists on.
  private static func check(_ request: Request) throws {
    guard request.headers[.authorization] == SCIMTestServer.authorization else {
      throw SCIMError(status: 401, nil, "Who?")
    }
    guard request.headers[.accept] == "application/json" else { throw SCIMError(status: 406, nil, "Accept") }
    let hasBody = [.post, .put, .patch].contains(request.method)
    guard request.headers[.contentType] == (hasBody ? "application/json" : nil) else {
      throw SCIMError(status: 406, nil, "Content-Type")
    }
  }

  private func route(_ request: Request) async throws -> Response {
    let path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    guard path.count > 2, path[0] == "wso2", path[1] == "scim" else { return .test(404, text: "<html>nothing</html>") }
    if path[2] == "ServiceProviderConfigs" { return manners.configuration.map { Self.answer(200, $0) } ?? .test(404) }
    guard let type = directory.catalog.resourceTypes.first(where: { $0.endpoint == "/" + path[2] }) else {
      return .test(404)
    }
    let tag = request.headers[.ifMatch]
    switch (request.method, path.count) {
    case (.get, 3): return try await list(request, type)
    case (.post, 3):
      let body = try await self.body(of: request, type)
      return Self.answer(
        201, shown(try await directory.create(type: type, attributes: decoded(body, type), by: "test"), type))
    case (.get, 4): return Self.answer(200, shown(try await directory.resource(type: type, id: path[3]), type))
    case (.put, 4):
      let body = try await self.body(of: request, type)
      return Self.answer(
        200,
        shown(
          try await directory.replace(
            type: type, id: path[3], attributes: decoded(body, type), ifMatch: tag, by: "test"), type))
    case (.patch, 4) where manners.patches:
      let body = try await self.body(of: request, type)
      return Self.answer(200, shown(try await patch(type, path[3], body, tag), type))
    case (.delete, 4):
      try await directory.delete(type: type, id: path[3], ifMatch: tag, by: "test")
      return .test(200)
    default: throw SCIMError(status: 405, nil, "No.")
    }
  }

  private func patch(_ type: ResourceType, _ id: String, _ body: JSONObject, _ tag: String?) async throws -> Resource {
    if let meta = body["meta"], meta["attributes"]?.array == nil { throw SCIMError(status: 400, nil, "meta") }
    let current = try await directory.resource(type: type, id: id)
    let change = try PartialResource(body, of: type, catalog: directory.catalog)
    return try await directory.patch(
      type: type, id: id, operations: change.operations(on: current.attributes), ifMatch: tag, by: "test")
  }

  private func list(_ request: Request, _ type: ResourceType) async throws -> Response {
    let query = request.uri.queryParameters
    if manners.isWSO2, query["startIndex"] != nil || query["count"] != nil {
      throw SCIMError(status: 400, nil, "startIndex and count are not supported")
    }
    let filter = try query["filter"].map {
      try Dialect11.filter(parsing: String($0), of: type, catalog: directory.catalog)
    }
    let start = query["startIndex"].flatMap { Int($0) } ?? 1
    var list = try await directory.list(
      type: type, ListQuery(filter: filter, startIndex: start, count: manners.pageCap ?? 1000))
    guard !list.resources.isEmpty else { throw SCIMError(status: 404, nil, "\(type.name)s not found") }
    list.resources = list.resources.map { Resource(shown($0, type)) }
    if manners.isWSO2 {
      list.resources = list.resources.map { resource in
        Resource(JSONObject(resource.attributes.members.compactMap { Self.isBrief($0) ? ($0.key, $0.value) : nil }))
      }
      list = ListResponse(resources: list.resources, totalResults: list.resources.count)
    }
    return Self.answer(200, Dialect11.encoded(list))
  }

  private static func isBrief(_ member: JSONObject.Member) -> Bool {
    ["id", "meta", "schemas", "userName"].contains(member.key) || member.value.string?.hasPrefix("PRIMARY/") == true
  }

  private func shown(_ resource: Resource, _ type: ResourceType) -> JSONObject {
    var shown = Dialect11.encoded(resource, of: type)
    guard manners.isWSO2 else { return shown.attributes }
    shown.attributes["meta"] = shown["meta"]?.object.map { meta in
      .object(JSONObject(meta.members.compactMap { $0.key == "version" ? nil : ($0.key, $0.value) }))
    }
    if type.name == "Group", let name = shown.displayName {
      shown.attributes["displayName"] = .string("PRIMARY/\(name)")
    }
    return shown.attributes
  }

  private func decoded(_ body: JSONObject, _ type: ResourceType) -> JSONObject {
    Dialect11.decoded(Resource(body), of: type).attributes
  }

  private func body(of request: Request, _ type: ResourceType) async throws -> JSONObject {
    let bytes = try await request.body.collect(upTo: 1 << 24)
    guard let object = try JSONValue(parsing: Array(bytes.readableBytesView)).object else {
      throw SCIMError(status: 400, nil, "not an object")
    }
    if manners.isWSO2, object["members"]?.array?.contains(where: { $0["display"]?.string == nil }) == true {
      throw SCIMError(status: 500, nil, "a member without its name")
    }
    return object
  }

  private static func answer(_ status: Int, _ body: JSONObject) -> Response {
    .test(
      status, headers: ["Content-Type": "application/json"], text: String(decoding: body.serialized(), as: UTF8.self))
  }
}
