import AsyncHTTPClient
import Foundation
import IdentityServer
import JSON
import LocalDirectory
import Logging
import NIOCore
import NIOHTTP1
import OpenID
import SCIM
import ServiceLifecycle

/// What a test wants of its server.
struct ServerSetup: Sendable {
  var configuration = ServerConfiguration(port: 0)
  var hasher = CountingHasher()
  var clock = ManualClock()
  var tokens = InMemoryTokenStore()
  var accessLog = InMemoryAccessLog()
  var limits = LoginGuard.Limits()
  var sessions = SessionPolicy()
  var rotation = KeyRotation()
  /// Puts something before the store.
  var wrap: @Sendable (InMemoryDirectoryStore) -> any DirectoryStore = { $0 }
  /// Schema extensions of the directory.
  var schemas: [SchemaExtension] = []
  /// A directory instead of an empty one in memory.
  var directory: Directory?
  /// A client for the server; the shared one unless TLS asks for another.
  var client = HTTPClient.shared
  var host = "127.0.0.1"
  /// Outbound provisioning, which the test runs or not.
  var provisioning: @Sendable (Directory) -> OutboundProvisioning? = { _ in nil }
  /// The state of controllers.
  var controllers: @Sendable () throws -> (any ControllerStorage)? = { nil }
  /// What the provider keeps.
  let grants: InMemoryProviderStore

  init(schemas: [SchemaExtension] = []) {
    self.schemas = schemas
    grants = InMemoryProviderStore(tokens)
  }
}

extension ServerSetup {
  /// The time of day, which goes with the clock.
  var date: @Sendable () -> Date {
    { [clock] in Date(timeIntervalSince1970: 1_790_000_000 + clock.elapsed / .seconds(1)) }
  }
}

/// A server on the loopback with an empty directory in memory but for the user `admin`, password `admin`.
struct ServerFixture: Sendable {
  static let token = "token-of-the-test"

  let origin: String
  let directory: Directory
  let tokens: AccessTokens
  let provider: OpenIDProvider
  var client: HTTPClient
  let stop: @Sendable () async -> Void

  /// The address of the SCIM service.
  var base: String { origin + "/scim2" }

  /// Sends a request; `path` counts from the base address of the SCIM service.
  func send(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, as user: String? = "admin:admin",
    headers: [String: String] = [:]
  ) async throws -> Answer {
    var headers = headers
    if let user { headers["Authorization"] = "Basic " + Data(user.utf8).base64EncodedString() }
    if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/scim+json" }
    return try await send(method, url: base + path, bytes: body?.serialized(), headers: headers)
  }

  func send(
    _ method: HTTPMethod, url: String, bytes: [UInt8]? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: url)
    request.method = method
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let bytes { request.body = .bytes(bytes) }
    let response = try await client.execute(request, timeout: .seconds(60))
    let received = try await response.body.collect(upTo: 8 << 20)
    return Answer(
      status: Int(response.status.code), headers: response.headers, bytes: Array(received.readableBytesView))
  }
}

struct Answer {
  let status: Int
  let headers: HTTPHeaders
  let bytes: [UInt8]

  /// The body; null when it is not JSON.
  var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var id: String { json["id"]?.string ?? "" }
  var resources: [JSONValue] { json["Resources"]?.array ?? [] }

  func header(_ name: String) -> String? { headers[name].first }
}

/// Runs the test against a server, then shuts the server down gracefully and waits for it.
func withServer(
  _ setup: ServerSetup = ServerSetup(), _ test: (ServerFixture) async throws -> Void
) async throws {
  let directory =
    setup.directory
    ?? Directory(
      store: setup.wrap(InMemoryDirectoryStore(access: setup.grants)), catalog: .directory.extended(by: setup.schemas),
      passwordHasher: setup.hasher,
      now: { Date(timeIntervalSince1970: 1_790_000_000) }, newID: { UUID().uuidString.lowercased() })
  _ = try await AdminAccount.ensure(in: directory, password: "admin")
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let (ports, port) = AsyncStream<Int>.makeStream()
  let trail = AccessTrail(setup.accessLog, logger: logger, now: setup.date)
  let tokens = AccessTokens(setup.tokens, trail: trail, now: setup.date)
  let provider = OpenIDProvider(
    store: setup.grants,
    sessions: Sessions(setup.grants, directory: directory, policy: setup.sessions, trail: trail, now: setup.date),
    keys: SigningKeys(
      setup.grants, box: SecretBox(Array("key of the test".utf8)), rotation: setup.rotation, trail: trail,
      maker: TestKeys.maker(), now: setup.date),
    trail: trail, now: setup.date)
  let authenticator = DirectoryAuthenticator(
    directory: directory, staticTokens: BearerTokens(["test": ServerFixture.token]), accessTokens: tokens, trail: trail,
    limits: setup.limits, now: { setup.clock.now })
  let server = try IdentityServer(
    directory: directory, configuration: setup.configuration, authenticator: authenticator, tokens: tokens,
    provider: provider,
    federation: Federation(
      box: SecretBox(Array("key of the test".utf8)), userAgent: "rollcall/test", now: setup.date),
    provisioning: setup.provisioning(directory), controllers: setup.controllers, logger: logger,
    onReady: { port.yield($0) })
  let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))

  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { port.finish() }
      try await group.run()
    }
    for await bound in ports {
      let scheme = setup.configuration.tls == nil ? "http" : "https"
      let fixture = ServerFixture(
        origin: "\(scheme)://\(setup.host):\(bound)", directory: directory, tokens: tokens,
        provider: provider, client: setup.client,
        stop: { await group.triggerGracefulShutdown() })
      do {
        try await test(fixture)
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
    }
    try await tasks.waitForAll()
  }
}
