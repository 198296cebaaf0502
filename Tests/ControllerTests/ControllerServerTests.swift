import AsyncHTTPClient
import Foundation
import JSON
import Logging
import Manifests
import NIOCore
import NIOHTTP1
import Reconciliation
import Stores
import Testing

@testable import Controller

/// Real doors: a Unix socket in a folder of its own and a port of the loopback.
private struct ServerBed {
  let folder: TemporaryFolder
  let storage: SQLiteStateStore
  let records: EndpointRecords
  let overview = ControllerOverview(controller: "test")
  let now = Date(timeIntervalSince1970: 1_800_000_000)
  let manifests: ManifestIntake

  init() throws {
    folder = try TemporaryFolder()
    storage = try SQLiteStateStore(path: folder.file("state.sqlite"))
    records = EndpointRecords(storage)
    manifests = ManifestIntake(
      FolderSource(paths: [folder.path]), now: { [now] in now }, compile: { _ in ManifestCompiler().compile([]) })
    overview.take(["local": EndpointStatus(endpoint: "local", now: now)], [:])
  }

  var socket: String { folder.file("s.sock") }

  func server(token: String? = nil, listens: Bool = false, webhook: String? = nil) -> ControllerServer {
    ControllerServer(
      .init(
        socket: socket, address: listens ? ("127.0.0.1", 0) : nil, token: token,
        webhookSecret: webhook),
      operations: Operations(records, overview, manifests, now: { now }), overview: overview,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Runs the body with the addresses that are open.
  func serving(_ server: ControllerServer, doors: Int, _ body: ([String]) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (addresses, continuation) = AsyncStream<String>.makeStream()
      group.addTask {
        defer { continuation.finish() }
        try await server.run { continuation.yield($0) }
      }
      var open: [String] = []
      for await address in addresses {
        open.append(address)
        if open.count == doors { break }
      }
      if open.count == doors { try await body(open) } else { try await group.waitForAll() }
      group.cancelAll()
      try? await group.waitForAll()
    }
  }

  func send(_ call: ControllerCall, to address: ControllerClient.Address) async throws -> JSONObject {
    let client = ControllerClient(address)
    let answer: Result<JSONObject, ControllerClient.Failure>
    do throws(ControllerClient.Failure) {
      answer = .success(try await client.send(call, by: "ada"))
    } catch {
      answer = .failure(error)
    }
    await client.close()
    return try answer.get()
  }
}

@Suite struct ControllerServerTests {
  private let bed: ServerBed

  init() throws { bed = try ServerBed() }

  @Test func whoeverCanOpenTheSocketMayAskAndOrder() async throws {
    try await bed.serving(bed.server(), doors: 1) { _ in
      let attributes = try FileManager.default.attributesOfItem(atPath: bed.socket)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let answer = try await bed.send(.status, to: .socket(bed.socket))
      #expect(answer["controller"] == "test")
      #expect(answer["endpoints"]?.array?.first?["endpoint"] == "local")
      _ = try await bed.send(.suspend("local", reason: "audit"), to: .socket(bed.socket))
      _ = try await bed.send(.reconcile(nil), to: .socket(bed.socket))
      let order = try #require(try await bed.records.snapshot().orders["local"])
      #expect(order.suspension == .init(by: "ada", reason: "audit", since: bed.now))
      #expect(order.reconcileAfter == bed.now)
      _ = try await bed.send(.resume("local"), to: .socket(bed.socket))
      #expect(try await bed.records.snapshot().orders["local"]?.suspension == nil)
    }
    #expect(!FileManager.default.fileExists(atPath: bed.socket))
  }

  @Test func onlyThePlanThatWaitsCanBeApproved() async throws {
    var status = EndpointStatus(endpoint: "local", now: bed.now)
    try await bed.serving(bed.server(), doors: 1) { _ in
      await #expect(throws: ControllerClient.Failure.self) {
        try await bed.send(.approve("local", plan: nil), to: .socket(bed.socket))
      }
      status.refusedPlan = "9f2c41d0aaaa"
      bed.overview.take(["local": status], [:])
      for plan in ["9f2c", "00000000"] {
        await #expect(throws: ControllerClient.Failure.self) {
          try await bed.send(.approve("local", plan: plan), to: .socket(bed.socket))
        }
      }
      _ = try await bed.send(.approve("local", plan: "9f2c41d0"), to: .socket(bed.socket))
      #expect(try await bed.records.snapshot().orders["local"]?.approval?.plan == "9f2c41d0aaaa")
    }
  }

  @Test func anUnknownEndpointIsNamed() async throws {
    try await bed.serving(bed.server(), doors: 1) { _ in
      do {
        _ = try await bed.send(.resume("lokal"), to: .socket(bed.socket))
        Issue.record("accepted")
      } catch ControllerClient.Failure.refused(let status, let message) {
        #expect(status == 404)
        #expect(message.contains("there is local"))
      }
    }
  }

  @Test func overTCPATokenIsNeeded() async throws {
    try await bed.serving(bed.server(token: "s3cret", listens: true), doors: 2) { addresses in
      let url = try #require(addresses.first { $0.hasPrefix("http") })
      #expect(try await bed.send(.status, to: .server(url: url, token: "s3cret"))["controller"] == "test")
      do {
        _ = try await bed.send(.status, to: .server(url: url, token: "other"))
        Issue.record("accepted")
      } catch ControllerClient.Failure.refused(let status, _) {
        #expect(status == 401)
      }
    }
  }

  @Test func healthAndMetricsAreForEverybody() async throws {
    try await bed.serving(bed.server(listens: true), doors: 2) { addresses in
      let url = try #require(addresses.first { $0.hasPrefix("http") })
      #expect(try await get(url + "/health/live").status == 200)
      #expect(try await get(url + "/health/ready").status == 503)
      var source = SourceStatus(source: "folder")
      source.inForceSince = bed.now
      bed.overview.take(source)
      #expect(try await get(url + "/health/ready").status == 200)
      var status = EndpointStatus(endpoint: "local", now: bed.now)
      status.expiries = [ExpiryFinding(ResourceKey("IdentityProvider", "partner"), .certificate, expiresAt: bed.now)]
      bed.overview.take(["local": status], [:])
      let metrics = try await get(url + "/metrics").text
      #expect(metrics.contains(#"rollcall_endpoint_condition{endpoint="local",condition="Ready"} 0"#))
      let labels = #"{owner="IdentityProvider/partner",credential="certificate"}"#
      #expect(metrics.contains("rollcall_credential_expiry_timestamp_seconds\(labels) 1800000000"))
      #expect(metrics.contains("process_resident_memory_bytes"))
      #expect(try await get(url + "/api/status").status == 401)
      #expect(try await get(url + "/nothing").status == 404)
    }
  }

  @Test func aSocketInUseIsNotTakenAway() async throws {
    try await bed.serving(bed.server(), doors: 1) { _ in
      await #expect(throws: ControllerServer.Failure.self) { try await bed.server().run { _ in } }
      _ = try await bed.send(.status, to: .socket(bed.socket))
    }
  }

  @Test func aSocketThatACrashLeftIsNoObstacle() async throws {
    try leaveSocket(bed.socket)
    try await bed.serving(bed.server(), doors: 1) { _ in
      _ = try await bed.send(.status, to: .socket(bed.socket))
    }
  }

  /// As a process leaves it that was killed.
  private func leaveSocket(_ path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
  }

  @Test func aFileOfAnotherKindIsLeftAlone() async throws {
    try bed.folder.write("mine", to: "s.sock")
    await #expect(throws: ControllerServer.Failure.self) { try await bed.server().run { _ in } }
    #expect(FileManager.default.contents(atPath: bed.socket) == Data("mine".utf8))
  }

  @Test func aPathTooLongForASocketIsToldOf() async throws {
    let server = ControllerServer(
      .init(socket: "/tmp/" + String(repeating: "x", count: 120)),
      operations: Operations(bed.records, bed.overview, bed.manifests, now: { bed.now }), overview: bed.overview,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await #expect(throws: ControllerServer.Failure.self) { try await server.run { _ in } }
  }

  @Test func onlyTheGitServerWakesTheSource() async throws {
    try await bed.serving(bed.server(listens: true, webhook: "s3cret"), doors: 2) { addresses in
      let url = try #require(addresses.first { $0.hasPrefix("http") })
      for (token, status) in [("s3cret", 202), ("other", 401)] {
        var request = HTTPClientRequest(url: url + "/webhook")
        request.method = .POST
        request.headers.add(name: "X-Gitlab-Token", value: token)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(response.status.code == UInt(status))
      }
      #expect(try await get(url + "/webhook").status == 405)
    }
  }

  private func get(_ url: String) async throws -> (status: Int, text: String) {
    let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
    return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
  }

  @Test func callsAreReadAsTheyAreWritten() {
    let calls: [ControllerCall] = [
      .status, .approveSource, .reconcile(nil), .reconcile("a"), .suspend("a", reason: "x"), .resume("a"),
      .approve("a", plan: "p"),
    ]
    for call in calls { #expect(ControllerCall(path: call.path, parameters: call.parameters) == call) }
    for path in ["/", "/api", "/api/endpoints/a", "/api/endpoints/a/delete", "/api/endpoints/a/resume/x"] {
      #expect(ControllerCall(path: path) == nil)
    }
  }
}
