import Foundation
import HTTPTypes
import Hummingbird
import JSON
import LocalDirectory
import Logging
import NIOCore
import SCIM
import Testing

@testable import Endpoints

/// A small, strict SCIM 2 server on the loopback over an embedded directory, with faults on demand.
struct SCIMTestServer: Sendable {
  /// How the server differs from the best one.
  struct Manners: Sendable {
    /// Brings no more than this on a page, whatever was asked for.
    var pageCap: Int?
    /// Refuses a larger count.
    var maxCount: Int?
    var omitsTotals = false
    var pagesByCursor = false
    var answersPatchWithBody = true
    /// Members of the /ServiceProviderConfig; nil answers 404.
    var configuration: JSONObject? = [
      "patch": ["supported": true], "bulk": ["supported": false], "filter": ["supported": true, "maxResults": 500],
      "sort": ["supported": false], "etag": ["supported": true], "changePassword": ["supported": true],
    ]
    /// The answer of /ResourceTypes; nil answers 404.
    var resourceTypes: JSONObject?
  }

  static let userName = "admin"
  /// The header that asks for Basic authentication.
  static let authorization = "Basic " + Data("\(userName):\(password)".utf8).base64EncodedString()
  static let password = "s3cr3t-0f-the-test"

  let directory: Directory
  let faults: FaultPlan
  let manners: Manners

  /// Runs a server on a free port while the body is at work.
  static func run(
    _ manners: Manners = Manners(), faults: FaultPlan = FaultPlan(), directory: Directory = .forTests(),
    _ body: @escaping @Sendable (_ url: String) async throws -> Void
  ) async throws {
    let server = SCIMTestServer(directory: directory, faults: faults, manners: manners)
    try await LoopbackServer.run({ request in try await server.respond(to: request) }, body)
  }

  private func respond(to request: Request) async throws -> Response {
    try await faults.respond(to: request) { await answer(to: request) }
  }

  private func answer(to request: Request) async -> Response {
    do {
      try Self.check(request.headers)
      return try await route(request)
    } catch let error as SCIMError {
      return Self.answer(error.status, error.json.object ?? [:])
    } catch {
      return Self.answer(500, text: "\(error)")
    }
  }

  /// What a strict server insists on.
  private static func check(_ headers: HTTPFields) throws {
    guard headers[.authorization] == authorization else { throw SCIMError(status: 401, nil, "Who are you?") }
    guard let accept = headers[.accept], accept.contains("application/scim+json") else {
      throw SCIMError(status: 406, nil, "Accept")
    }
    guard let agent = headers[.userAgent], agent.hasPrefix("rollcall/") else {
      throw SCIMError(status: 400, nil, "User-Agent")
    }
  }

  private func route(_ request: Request) async throws -> Response {
    let path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    switch (request.method, path.first, path.count) {
    case (.get, "ServiceProviderConfig", 1): return Self.document(manners.configuration)
    case (.get, "ResourceTypes", 1): return Self.document(manners.resourceTypes)
    case (.get, "Schemas", 1): return Self.document(nil)
    case (_, let collection?, 1...2):
      guard let type = directory.catalog.resourceTypes.first(where: { $0.endpoint == "/\(collection)" }) else { break }
      return try await path.count == 1 ? collect(request, type) : single(request, type, id: path[1])
    default: break
    }
    throw SCIMError(status: 404, nil, "There is nothing at \(request.uri.path).")
  }

  private func collect(_ request: Request, _ type: ResourceType) async throws -> Response {
    switch request.method {
    case .get: return Self.answer(200, try await list(request, type))
    case .post:
      let made = try await directory.create(type: type, attributes: try await Self.body(of: request), by: "test")
      return Self.answer(201, made.attributes)
    default: throw SCIMError(status: 405, nil, "No.")
    }
  }

  private func single(_ request: Request, _ type: ResourceType, id: String) async throws -> Response {
    let tag = request.headers[.ifMatch]
    switch request.method {
    case .get: return Self.answer(200, try await directory.resource(type: type, id: id).attributes)
    case .put:
      let body = try await Self.body(of: request)
      return Self.answer(
        200, try await directory.replace(type: type, id: id, attributes: body, ifMatch: tag, by: "test").attributes)
    case .patch:
      let patch = try PatchRequest(try await Self.body(of: request))
      let changed = try await directory.patch(
        type: type, id: id, operations: patch.operations, ifMatch: tag, by: "test")
      return manners.answersPatchWithBody ? Self.answer(200, changed.attributes) : Self.answer(204)
    case .delete:
      try await directory.delete(type: type, id: id, ifMatch: tag, by: "test")
      return Self.answer(204)
    default: throw SCIMError(status: 405, nil, "No.")
    }
  }

  private func list(_ request: Request, _ type: ResourceType) async throws -> JSONObject {
    let query = request.uri.queryParameters
    let asked = query["count"].flatMap { Int($0) } ?? 10
    if let most = manners.maxCount, asked > most { throw SCIMError(status: 400, nil, "count is at most \(most)") }
    let start = query["startIndex"].flatMap { Int($0) } ?? query["cursor"].flatMap { Int($0) } ?? 1
    let filter = try query["filter"].map { try Filter(parsing: String($0)) }
    let page = try await directory.list(
      type: type, ListQuery(filter: filter, startIndex: start, count: min(asked, manners.pageCap ?? asked)))
    let next = start + page.resources.count
    let hasMore = manners.pagesByCursor && next <= page.totalResults ?? 0
    return ListResponse(
      resources: page.resources, totalResults: manners.omitsTotals ? nil : page.totalResults,
      nextCursor: hasMore ? String(next) : nil
    ).json
  }

  private static func body(of request: Request) async throws -> JSONObject {
    guard request.headers[.contentType] == "application/scim+json" else {
      throw SCIMError(status: 415, nil, "Content-Type")
    }
    let bytes = try await request.body.collect(upTo: 1 << 24)
    guard let object = try JSONValue(parsing: Array(bytes.readableBytesView)).object else {
      throw SCIMError(status: 400, .invalidSyntax, "not an object")
    }
    return object
  }

  private static func document(_ body: JSONObject?) -> Response {
    body.map { answer(200, $0) } ?? answer(404, text: "")
  }

  private static func answer(_ status: Int, _ body: JSONObject) -> Response {
    let text = String(decoding: body.serialized(), as: UTF8.self)
    return .test(status, headers: ["Content-Type": "application/scim+json"], text: text)
  }

  private static func answer(_ status: Int, text: String = "") -> Response { .test(status, text: text) }
}
