import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Reconciliation
import SeededRandom
import Synchronization

@testable import Endpoints

/// A small, strict Directory API on the loopback: it refuses every request that the discovery document does not allow, as
/// far as the driver could make one.
final class GoogleTestServer: Sendable {
  struct State {
    var users: [String: JSONObject] = [:]
    var deleted: [String: JSONObject] = [:]
    var groups: [String: JSONObject] = [:]
    /// By group, the ids of its members.
    var members: [String: [String]] = [:]
    var roles: [String: JSONObject] = [:]
    var assignments: [String: JSONObject] = [:]
    var next = 1000
    /// How often an account that was made a moment ago is not found by others.
    var unknownFor = 0
    var unknown: [String: Int] = [:]
  }

  let state = Mutex(State())
  let faults = FaultPlan()
  /// How much a page may hold, whatever is asked for.
  let pageCap: Int

  static let token = "google-token"

  init(pageCap: Int = 1000) { self.pageCap = pageCap }

  /// Runs the server while the body is at work with a client of it, whose waits take no time.
  func use(
    clock: ManualClock = ManualClock(), _ settings: GoogleSettings = GoogleSettings(domain: "corp.example"),
    _ body: @escaping @Sendable (GoogleEndpoint) async throws -> Void
  ) async throws {
    try await LoopbackServer.run({ request in try await self.faults.respond(to: request) { await self.answer(request) }
    }) {
      url in
      let configuration = GoogleConfiguration(
        name: "google", url: url, settings: settings,
        connection: ConnectionConfiguration(credential: .bearer(Secret(Self.token)), userAgent: "rollcall/test"))
      let endpoint = try GoogleEndpoint(configuration, clock: clock, generator: SplitMix64(seed: 7))
      try await endpoint.using(body)
    }
  }

  struct Refusal: Error {
    let status: Int
    let reason: String
    let message: String

    init(_ status: Int, _ reason: String, _ message: String) {
      (self.status, self.reason, self.message) = (status, reason, message)
    }

    static func notFound(_ key: String) -> Refusal { Refusal(404, "notFound", "Resource Not Found: \(key)") }
    static let duplicate = Refusal(409, "duplicate", "Entity already exists.")
    static func invalid(_ what: String) -> Refusal { Refusal(400, "invalid", "Invalid Input: \(what)") }

    /// As Google writes it.
    var text: String {
      let detail = #"{"domain":"global","reason":"\#(reason)","message":"\#(message)"}"#
      return #"{"error":{"code":\#(status),"message":"\#(message)","errors":[\#(detail)]}}"#
    }
  }

  private func answer(_ request: Request) async -> Response {
    do {
      guard request.headers[.authorization] == "Bearer \(Self.token)" else {
        throw Refusal(401, "authError", "Invalid Credentials")
      }
      let bytes = try await request.body.collect(upTo: 1 << 20)
      var body: JSONObject?
      if bytes.readableBytes > 0 {
        guard request.headers[.contentType] == "application/json" else { throw Refusal.invalid("Content-Type") }
        body = try JSONValue(parsing: Array(bytes.readableBytesView)).object
      }
      let path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
      guard path.starts(with: ["admin", "directory", "v1"]) else { throw Refusal.notFound(request.uri.path) }
      let query = Dictionary(
        request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first })
      let call = Call(method: request.method, path: Array(path.dropFirst(3)), query: query, body: body)
      guard let result = try state.withLock({ state in try self.route(call, &state) }) else { return .test(204) }
      return .test(
        200, headers: ["Content-Type": "application/json"], text: String(decoding: result.serialized(), as: UTF8.self))
    } catch let refusal as Refusal {
      return .test(refusal.status, headers: ["Content-Type": "application/json"], text: refusal.text)
    } catch {
      return .test(400, text: Refusal.invalid("JSON").text)
    }
  }

  struct Call {
    let method: HTTPRequest.Method
    let path: [String]
    let query: [String: String]
    let body: JSONObject?

    /// The body, which may hold these fields and no others.
    func fields(_ allowed: Set<String>) throws -> JSONObject {
      guard let body else { throw Refusal.invalid("no body") }
      if let unknown = body.keys.first(where: { !allowed.contains($0) }) { throw Refusal.invalid("unknown \(unknown)") }
      return body
    }

    func allow(_ parameters: Set<String>) throws {
      if let unknown = query.keys.first(where: { !parameters.contains($0) }) {
        throw Refusal.invalid("parameter \(unknown)")
      }
    }
  }

  private func route(_ call: Call, _ state: inout State) throws -> JSONObject? {
    switch call.path.first {
    case "users": try users(call, &state)
    case "groups": try groups(call, &state)
    case "customer": try roles(call, &state)
    default: throw Refusal.notFound(call.path.joined(separator: "/"))
    }
  }

  /// A page of what is listed, by tokens that are good for nothing else.
  func page(_ items: [JSONObject], as name: String, _ call: Call, most: Int) throws -> JSONObject {
    let asked = call.query["maxResults"].flatMap { Int($0) } ?? 100
    guard (1...most).contains(asked) else { throw Refusal.invalid("maxResults") }
    let start: Int
    if let token = call.query["pageToken"] {
      guard token.hasPrefix("page/+"), let place = Int(token.dropFirst(6)) else { throw Refusal.invalid("pageToken") }
      start = place
    } else {
      start = 0
    }
    let end = min(start + min(asked, pageCap), items.count)
    var answer: JSONObject = ["kind": .string("admin#directory#\(name)")]
    // Google leaves the member out when there is nothing in it.
    if start < end { answer[name] = .array(items[start..<end].map(JSONValue.object)) }
    if end < items.count { answer["nextPageToken"] = .string("page/+\(end)") }
    return answer
  }

  static func merged(_ old: JSONObject, _ changes: JSONObject) -> JSONObject {
    var new = old
    for member in changes.members {
      if member.value.isNull {
        new[member.key] = nil
      } else if let inner = member.value.object {
        new[member.key] = .object(merged(old[member.key]?.object ?? [:], inner))
      } else {
        new[member.key] = member.value
      }
    }
    return new
  }

  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
  }
}
