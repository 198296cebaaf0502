import AsyncHTTPClient
import Endpoints
import Foundation
import JSON
import LocalDirectory
import Logging
import NIOCore
import NIOHTTP1
import Reconciliation
import SCIM
import Stores
import Synchronization
import Testing

@testable import IdentityServer

/// The queue of outbound provisioning in the console.
struct ConsoleProvisioningTests {
  private static let time = Date(timeIntervalSince1970: 1_790_000_000)
  private static let path = "/console/provisioning"

  /// A server whose connector `is2/scim` has two deliveries waiting and one dead, for the users `ann`, `bob` and one who is gone.
  private func withQueue(_ test: (ServerFixture, TestBrowser, any ProvisioningStore) async throws -> Void) async throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteDirectoryStore(path: folder.appendingPathComponent("directory.sqlite").path)
    var setup = ServerSetup()
    let provisioning = Mutex<OutboundProvisioning?>(nil)
    setup.provisioning = { directory in
      let made = OutboundProvisioning(Self.surroundings(directory, store))
      provisioning.withLock { $0 = made }
      return made
    }
    try await withServer(setup) { server async throws in
      for (path, body) in Self.configuration { #expect(try await server.send(.POST, path, body).status == 201) }
      await provisioning.withLock(\.self)?.refresh()
      let ann = try await server.send(.POST, "/Users", ["userName": "ann <b>"]).id
      let bob = try await server.send(.POST, "/Users", ["userName": "bob"]).id
      _ = try await store.lease("is2/scim", to: "test", until: Self.time.addingTimeInterval(60), now: Self.time)
      var round = ProvisioningRound(
        state: ConnectorState(
          name: "is2/scim", cursor: 1, passedAt: Self.time,
          failure: .init(
            count: 3, retryAt: Self.time.addingTimeInterval(600), reason: "The endpoint <i>refuses</i> us.")))
      round.failures = [(ann, .dead), (bob, .waiting), ("gone", .waiting)].map { id, state in
        Delivery(
          connector: "is2/scim", type: "User", id: id, state: state, attempts: 5, since: Self.time, dueAt: Self.time,
          reason: "409: there is one <already>.")
      }
      #expect(try await store.record(round, by: "test", now: Self.time))
      try await test(server, try await TestBrowser.atConsole(server), store)
    }
  }

  private static let configuration: [(String, JSONValue)] = [
    (
      "/IdentityProviders",
      [
        "name": "is2",
        "provisioning": [
          "connectors": [["name": "scim", "type": "scim2", "userEndpoint": "https://is2.example/scim2/Users"]]
        ],
      ]
    ),
    (
      "/ServiceProviders",
      [
        "name": "resident",
        "outboundProvisioning": [
          ["identityProvider": "is2", "connector": "scim"], ["identityProvider": "gone"],
        ],
      ]
    ),
  ]

  private static func surroundings(_ directory: Directory, _ store: SQLiteDirectoryStore) -> ProvisioningSurroundings {
    let factory = EndpointFactory(userAgent: "test", secret: { _ in Secret("") }, directory: { _ in directory })
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return ProvisioningSurroundings(
      directory: directory, store: store, secretBox: SecretBox(Array("key of the test".utf8)),
      open: { declaration throws(EndpointError) in try await factory.endpoint(for: declaration) }, owner: "test",
      now: { Self.time.addingTimeInterval(10) }, random: { 0 }, metrics: ServerMetrics(), logger: logger)
  }

  @Test func whatIsWrongIsTold() async throws {
    try await withQueue { server, browser, _ async throws in
      let page = try await browser.get(Self.path)
      let text = page.text.plainText
      #expect(page.status == 200 && text.contains("is2/scim Failing"))
      #expect(text.contains("The endpoint &lt;i&gt;refuses&lt;/i&gt; us. (tried again 2026-09-21 14:23 UTC)"))
      #expect(text.contains("Waiting for another try 2") && text.contains("Given up 1"))
      #expect(
        text.contains(
          "Outbound provisioning is not as configured: outboundProvisioning names the identity provider &quot;gone&quot;"
        ))
      #expect(text.contains("ann &lt;b&gt;") && text.contains("409: there is one &lt;already&gt;."))
      #expect(page.text.contains(">bob</a>") && !page.text.contains("/console/users/gone"))
      let overview = try await browser.get("/console").text.plainText
      #expect(
        overview.contains("is2/scim fails: The endpoint &lt;i&gt;refuses") && overview.contains("is2/scim Failing"))
      #expect(overview.contains("is2/scim has given up 1 of its deliveries.") && overview.contains("Added user bob"))
    }
  }

  @Test func deliveriesAreTriedAgainAndGivenUp() async throws {
    try await withQueue { server, browser, store async throws in
      let page = try await browser.get(Self.path)
      let token = page.form(Self.path)["form_token"]
      let ann = try await store.deliveries(of: nil).first { $0.state == .dead }?.id
      let one = try await browser.post(
        Self.path, ["form_token": token ?? "", "connector": "is2/scim", "id": ann ?? "", "change": "retry"])
      #expect(try await browser.follow(one).text.contains("1 to be tried again."))
      #expect(try await store.deliveries(of: nil).allSatisfy { $0.state == .waiting })
      let drop = try await browser.send(page, ["change": "drop", "id": "gone"], to: Self.path)
      #expect(try await browser.follow(drop).text.contains("1 given up."))
      let rest = try await browser.send(page, ["change": "drop"], to: Self.path)
      #expect(try await browser.follow(rest).text.contains("2 given up."))
      #expect(try await store.deliveries(of: nil).isEmpty)
      for fields in [["change": "drop"], ["connector": "is2/scim", "change": "all"]] {
        let answer = try await browser.post(Self.path, fields.merging(["form_token": token ?? ""]) { own, _ in own })
        #expect(answer.status == 400)
      }
      #expect(try await browser.post(Self.path, ["connector": "is2/scim", "change": "drop"]).status == 403)
    }
  }

  /// Server-sent events on a connection of their own, as a browser with scripts asks for them.
  private func live(
    _ server: ServerFixture, _ browser: TestBrowser, _ body: (Int, inout Events) async throws -> Void
  ) async throws {
    var request = HTTPClientRequest(url: server.origin + Self.path + "/live")
    let cookies = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    request.headers.add(name: "Cookie", value: cookies)
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
    var events = Events(iterator: response.body.makeAsyncIterator())
    try await body(Int(response.status.code), &events)
  }

  private struct Events {
    var iterator: HTTPClientResponse.Body.AsyncIterator
    private var rest = ""

    init(iterator: HTTPClientResponse.Body.AsyncIterator) { self.iterator = iterator }

    /// The next event; nil at the end of the stream.
    mutating func next() async throws -> JSONValue? {
      while true {
        if let end = rest.range(of: "\n\n") {
          let block = String(rest[..<end.lowerBound])
          rest = String(rest[end.upperBound...])
          guard block.hasPrefix("data: ") else { continue }
          return try JSONValue(parsing: Array(block.dropFirst(6).utf8))
        }
        guard let bytes = try await iterator.next(isolation: #isolation) else { return nil }
        rest += String(buffer: bytes)
      }
    }
  }

  @Test func whatChangesIsToldAtOnce() async throws {
    try await withQueue { server, browser, store async throws in
      let page = try await browser.get(Self.path)
      #expect(page.text.contains("data-live=\"/console/provisioning/live\""))
      #expect(page.text.contains("<dd data-name=\"is2/scim waiting\">2</dd>"))
      let policy = page.header("Content-Security-Policy") ?? ""
      #expect(policy.contains("script-src 'self'; connect-src 'self';") && !policy.contains("unsafe"))
      let script = try await browser.get(ConsoleScript.asset.path)
      #expect(script.status == 200 && script.header("Content-Type") == "text/javascript; charset=utf-8")
      #expect(page.text.contains("<script src=\"\(ConsoleScript.asset.path)\" defer></script>"))
      try await live(server, browser) { status, events async throws in
        #expect(status == 200)
        let first = try await events.next()
        #expect(first?["is2/scim waiting"] == "2" && first?["is2/scim state_label"] == "Failing")
        _ = try await store.dropDeliveries(of: "is2/scim", id: "gone")
        #expect(try await events.next()?["is2/scim waiting"] == "1")
        let start = ContinuousClock.now
        await server.stop()
        while try await events.next() != nil {}
        #expect(ContinuousClock.now - start < .seconds(30), "a stop does not wait for a stream")
      }
    }
  }

  @Test func theStreamIsForAdministrators() async throws {
    try await withQueue { server, _, _ async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "eve", "password": "secret"])
      let eve = try await TestBrowser.atConsole(server, "eve", "secret")
      try await live(server, eve) { status, _ async throws in #expect(status == 403) }
      #expect(try await TestBrowser(server).get(Self.path + "/live").status == 303)
      #expect(try await eve.post(Self.path + "/live", [:]).status == 405)
    }
  }
}
