import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Logging
import SCIM
import Synchronization

/// The other side of the wire: a SCIM endpoint in memory with a fixed delay a request, in a process of its own. It counts
/// what it is sent.
struct Peer {
  let store: PeerStore
  /// How long every request takes at least.
  let delay: Duration
  let ready: @Sendable (Int) -> Void

  func run() async throws {
    let router = Router()
    for (path, type) in [("Users", "User"), ("Groups", "Group")] {
      router.get("v2/\(path)") { request, _ in
        let start = request.uri.queryParameters.get("startIndex", as: Int.self) ?? 1
        let count = request.uri.queryParameters.get("count", as: Int.self) ?? 100
        return try await answer { .init(200, store.page(of: type, start: start, count: count)) }
      }
      router.post("v2/\(path)") { request, _ in
        let body = try await request.body.collect(upTo: 64 << 20)
        return try await answer(writing: body.readableBytes) {
          .init(201, store.create(type, try JSONValue(parsing: body.readableBytesView)))
        }
      }
      router.patch("v2/\(path)/:id") { request, context in
        let id = try context.parameters.require("id")
        let body = try await request.body.collect(upTo: 64 << 20)
        return try await answer(writing: body.readableBytes) {
          .init(200, try store.patch(type, id, try JSONValue(parsing: body.readableBytesView)))
        }
      }
    }
    router.get("v2/ServiceProviderConfig") { _, _ in try await answer { .init(200, PeerStore.serviceProviderConfig) } }
    router.get("v2/Schemas") { _, _ in try await answer { .init(404, PeerStore.notFound) } }
    router.get("v2/ResourceTypes") { _, _ in try await answer { .init(404, PeerStore.notFound) } }
    router.get("statistics") { _, _ in Peer.response(.init(200, store.statistics())) }
    var logger = Logger(label: "peer")
    logger.logLevel = .error
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in ready(channel.localAddress?.port ?? 0) }, logger: logger)
    try await application.runService()
  }

  struct Answer {
    let status: Int
    let body: [UInt8]
    init(_ status: Int, _ body: [UInt8]) { (self.status, self.body) = (status, body) }
  }

  private func answer(writing bytes: Int? = nil, _ body: () throws -> Answer) async throws -> Response {
    store.begin(writing: bytes)
    if delay > .zero { try await Task.sleep(for: delay) }
    let response = Self.response(try body())
    store.end()
    return response
  }

  private static func response(_ answer: Answer) -> Response {
    Response(
      status: .init(code: answer.status), headers: [.contentType: "application/scim+json"],
      body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
  }
}

/// The resources of the peer, each kept as the bytes it is listed with, and the counts of what came in.
final class PeerStore: Sendable {
  private struct State {
    var order: [String: [String]] = ["User": [], "Group": []]
    var resources: [String: JSONObject] = [:]
    var listed: [String: [UInt8]] = [:]
    var nextID = 0
    var reads = 0
    var writes = 0
    var inFlight = 0
    var mostInFlight = 0
    var largestWrite = 0
  }

  private let state = Mutex(State())
  private let catalog = SchemaCatalog.standard

  func load(_ resources: [JSONObject], as type: String) {
    state.withLock { state in
      for resource in resources { Self.put(resource, as: type, in: &state) }
    }
  }

  func begin(writing bytes: Int?) {
    state.withLock { state in
      if let bytes {
        state.writes += 1
        state.largestWrite = max(state.largestWrite, bytes)
      } else {
        state.reads += 1
      }
      state.inFlight += 1
      state.mostInFlight = max(state.mostInFlight, state.inFlight)
    }
  }

  func end() { state.withLock { $0.inFlight -= 1 } }

  func page(of type: String, start: Int, count: Int) -> [UInt8] {
    state.withLock { state in
      let ids = state.order[type] ?? []
      let chosen = ids.dropFirst(max(0, start - 1)).prefix(min(count, 1000))
      var bytes = Array(
        #"{"schemas":["\#(SchemaURN.listResponse)"],"totalResults":\#(ids.count),"startIndex":\#(start),"itemsPerPage":\#(chosen.count),"Resources":["#
          .utf8)
      for (index, id) in chosen.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += state.listed[id] ?? []
      }
      return bytes + Array("]}".utf8)
    }
  }

  func create(_ type: String, _ value: JSONValue) -> [UInt8] {
    state.withLock { state in
      var resource = value.object ?? JSONObject()
      state.nextID += 1
      resource["id"] = .string("\(type)-\(state.nextID)")
      resource["meta"] = ["resourceType": .string(type), "version": "W/\"1\""]
      return Self.put(resource, as: type, in: &state)
    }
  }

  func patch(_ type: String, _ id: String, _ value: JSONValue) throws -> [UInt8] {
    guard let resourceType = catalog.resourceType(type) else { throw BenchFailure("no resource type \(type)") }
    let operations = try PatchRequest(value.object ?? [:]).operations
    return try state.withLock { state in
      let patched = try ResourcePatcher(type: resourceType, catalog: catalog)
        .applying(operations, to: state.resources[id] ?? JSONObject())
      return Self.put(patched, as: type, in: &state)
    }
  }

  func statistics() -> [UInt8] {
    state.withLock { state in
      JSONObject([
        ("reads", .number(JSONNumber(state.reads))), ("writes", .number(JSONNumber(state.writes))),
        ("mostInFlight", .number(JSONNumber(state.mostInFlight))),
        ("largestWrite", .number(JSONNumber(state.largestWrite))),
      ]).serialized()
    }
  }

  @discardableResult
  private static func put(_ resource: JSONObject, as type: String, in state: inout State) -> [UInt8] {
    let id = resource["id"]?.string ?? ""
    if state.resources[id] == nil { state.order[type, default: []].append(id) }
    state.resources[id] = resource
    let bytes = resource.serialized()
    state.listed[id] = bytes
    return bytes
  }

  static let serviceProviderConfig = Array(
    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0},"filter":{"supported":true,"maxResults":1000},"changePassword":{"supported":false},"sort":{"supported":false},"etag":{"supported":false},"authenticationSchemes":[]}"#
      .utf8)

  static let notFound = Array(#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}"#.utf8)
}
