import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Reconciliation
import SCIM
import SeededRandom
import Synchronization

@testable import Endpoints

/// A small, strict Salesforce on the loopback: its token endpoint and its REST API, with faults on demand.
final class SalesforceTestServer: Sendable {
  /// How the organisation differs from others.
  struct Manners: Sendable {
    /// Records of one batch of a query.
    var batch = 2000
    /// Whether it tells which fields its users have.
    var describes = true
    /// Fields that it does not have.
    var lacks: Set<String> = ["MiddleName", "Suffix"]
    /// Whether user names have the form of e-mail addresses, as they must.
    var namesAreAddresses = true
    /// How many requests a token is good for.
    var requestsOfToken = Int.max
  }

  static let api = "/services/data/v62.0"
  static let clientID = "3MVG9.client"
  static let clientSecret = "the secret of the client"

  let store: SalesforceStore
  let manners: Manners
  let faults: FaultPlan
  private let bodies = Mutex<[JSONObject]>([])
  private let passwords = Mutex<[String: String]>([:])
  private let tokens = Mutex<(issued: Int, left: Int)>((0, 0))
  let cursors = Mutex<[String: [JSONObject]]>([:])

  init(_ manners: Manners, faults: FaultPlan, store: SalesforceStore) {
    self.manners = manners
    self.faults = faults
    self.store = store
    for profile in ["Standard User", "Minimum Access"] { store.insert("Profile", ["Name": .string(profile)]) }
  }

  /// The bodies of all writes, in the order of arrival.
  var writes: [JSONObject] { bodies.withLock { $0 } }
  var issuedTokens: Int { tokens.withLock { $0.issued } }

  func password(of id: String) -> String? { passwords.withLock { $0[id] } }

  /// Runs a server on a free port while the body is at work with a client of it, whose waits take no time.
  static func use(
    _ manners: Manners = Manners(), faults: FaultPlan = FaultPlan(), store: SalesforceStore = SalesforceStore(),
    clock: ManualClock = ManualClock(), defaults: [String: String] = ["ProfileName": "Standard User"],
    _ body: @escaping @Sendable (SalesforceEndpoint, SalesforceTestServer) async throws -> Void
  ) async throws {
    let server = SalesforceTestServer(manners, faults: faults, store: store)
    try await LoopbackServer.run({ request in try await server.respond(to: request) }) { url in
      let grant = AccessTokenGrant(
        tokenURL: url + "/services/oauth2/token",
        proof: .clientCredentials(id: clientID, secret: Secret(clientSecret)))
      let configuration = SalesforceConfiguration(
        name: "salesforce", url: url, settings: SalesforceSettings(defaults: defaults),
        connection: ConnectionConfiguration(credential: .accessToken(grant), userAgent: "rollcall/test"))
      let endpoint = try SalesforceEndpoint(configuration, clock: clock, generator: SplitMix64(seed: 7))
      try await endpoint.using { endpoint in try await body(endpoint, server) }
    }
  }

  private func respond(to request: Request) async throws -> Response {
    if request.uri.path == "/services/oauth2/token" { return try await token(request) }
    return try await faults.respond(to: request) { await answer(to: request) }
  }

  private func answer(to request: Request) async -> Response {
    do {
      try check(request)
      return try await route(request)
    } catch let refusal as SalesforceStore.Refusal {
      return Self.answer(refusal.status, [refusal.json])
    } catch {
      return Self.answer(400, [SalesforceStore.Refusal(code: "MALFORMED_QUERY", message: "\(error)").json])
    }
  }

  // MARK: Tokens

  private func token(_ request: Request) async throws -> Response {
    let form = String(buffer: try await request.body.collect(upTo: 1 << 16))
    let credential = Data("\(encoded(Self.clientID)):\(encoded(Self.clientSecret))".utf8).base64EncodedString()
    guard form == "grant_type=client_credentials", request.headers[.authorization] == "Basic \(credential)",
      request.headers[.contentType] == "application/x-www-form-urlencoded"
    else { return Self.answer(400, ["error": "invalid_client", "error_description": "invalid client credentials"]) }
    let number = tokens.withLock { tokens in
      tokens = (tokens.issued + 1, manners.requestsOfToken)
      return tokens.issued
    }
    return Self.answer(
      200,
      [
        "access_token": .string("00D!token\(number)"), "instance_url": "https://elsewhere.example",
        "token_type": "Bearer", "id": "https://login.salesforce.com/id/00D/005", "issued_at": "1700000000000",
      ])
  }

  private func encoded(_ text: String) -> String { SCIM2Address.encode(text) }

  private func check(_ request: Request) throws {
    let isKnown = tokens.withLock { tokens in
      guard tokens.left > 0, request.headers[.authorization] == "Bearer 00D!token\(tokens.issued)" else { return false }
      tokens.left -= 1
      return true
    }
    guard isKnown else {
      throw SalesforceStore.Refusal(status: 401, code: "INVALID_SESSION_ID", message: "Session expired or invalid")
    }
    guard request.headers[.accept] == "application/json" else {
      throw SalesforceStore.Refusal(status: 406, code: "NOT_ACCEPTABLE")
    }
  }

  // MARK: Routes

  private func route(_ request: Request) async throws -> Response {
    guard request.uri.path.hasPrefix(Self.api + "/") else { throw Self.nothing }
    let path = request.uri.path.dropFirst(Self.api.count + 1).split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.removingPercentEncoding ?? String($0) }
    switch (request.method, path.first, path.count) {
    case (.get, "query", 1): return try query(request)
    case (.get, "query", 2): return try nextBatch(path[1])
    case (.get, "sobjects", 3) where path[1...] == ["User", "describe"] && manners.describes:
      return Self.answer(200, .object(description))
    case (.post, "sobjects", 2):
      let body = try await body(of: request)
      try checkName(body, of: path[1])
      return Self.answer(201, ["id": .string(try store.create(path[1], body)), "success": true, "errors": []])
    case (.patch, "sobjects", 3):
      try store.update(path[1], path[2], try await body(of: request))
      return Self.answer(204, nil)
    case (.delete, "sobjects", 3):
      try store.delete(path[1], path[2])
      return Self.answer(204, nil)
    case (.post, "sobjects", 4) where path[1] == "User" && path[3] == "password":
      return try await setPassword(path[2], request)
    case (.post, "composite", 2) where path[1] == "sobjects": return try await createAll(request)
    case (.delete, "composite", 2) where path[1] == "sobjects": return try deleteAll(request)
    default: throw Self.nothing
    }
  }

  private static let nothing = SalesforceStore.Refusal(
    status: 404, code: "NOT_FOUND", message: "The requested resource does not exist")

  private func checkName(_ body: JSONObject, of object: String) throws {
    guard object == "User", manners.namesAreAddresses, body["Username"]?.string?.contains("@") == false else { return }
    throw SalesforceStore.Refusal(
      code: "INVALID_EMAIL_ADDRESS", message: "Username: must be in the form of an email address",
      fields: ["Username"])
  }

  private func setPassword(_ id: String, _ request: Request) async throws -> Response {
    let body = try await body(of: request)
    guard store.record("User", id) != nil else { throw Self.nothing }
    guard let password = body["NewPassword"]?.string, body.count == 1 else {
      throw SalesforceStore.Refusal(code: "JSON_PARSER_ERROR")
    }
    guard password.count >= 8 else {
      throw SalesforceStore.Refusal(
        code: "INVALID_NEW_PASSWORD", message: "Your password must be at least 8 characters long: \(password)")
    }
    passwords.withLock { $0[id] = password }
    return Self.answer(204, nil)
  }

  private var description: JSONObject {
    let fields = (SalesforceFacts.objects["User"]?.fields ?? [:]).filter { !manners.lacks.contains($0.key) }
    return [
      "name": "User",
      "fields": .array(
        fields.sorted { $0.key < $1.key }.map { name, field in
          ["name": .string(name), "createable": .bool(!field.isFixed), "updateable": .bool(!field.isFixed)]
        }),
    ]
  }

  func body(of request: Request) async throws -> JSONObject {
    guard request.headers[.contentType] == "application/json" else {
      throw SalesforceStore.Refusal(status: 415, code: "UNSUPPORTED_MEDIA_TYPE")
    }
    let bytes = try await request.body.collect(upTo: 1 << 22)
    guard let object = try JSONValue(parsing: Array(bytes.readableBytesView)).object else {
      throw SalesforceStore.Refusal(code: "JSON_PARSER_ERROR", message: "not an object")
    }
    bodies.withLock { $0.append(object) }
    return object
  }

  static func answer(_ status: Int, _ body: JSONValue?) -> Response {
    let text = body.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? ""
    return .test(status, headers: ["Content-Type": "application/json"], text: text)
  }
}
