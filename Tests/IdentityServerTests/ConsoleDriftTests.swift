import Foundation
import JSON
import NIOHTTP1
import Stores
import Testing

@testable import IdentityServer
@testable import Reconciliation

/// Drift at the endpoints of controllers, in the console.
struct ConsoleDriftTests {
  private static let now = Date(timeIntervalSince1970: 1_790_000_000)
  private static let day: TimeInterval = 86_400

  private static func finding(
    _ kind: DriftReport.Finding.Class, _ name: String, _ attributes: [AttributeChange] = []
  ) -> DriftReport.Finding {
    DriftReport.Finding(
      class: kind, endpoint: "slack", key: ResourceKey("User", name), attributes: attributes,
      source: kind == .foreign ? nil : SourceLocation(file: "people.yaml", line: 12))
  }

  private static let changed = finding(
    .changed, "ann <b>", [AttributeChange(path: "title", before: "<Intern>", after: "Engineer", cause: .endpoint)])

  /// A server beside a state with an endpoint of three findings: one of today, one of last week, and one acknowledged.
  private func withDrift(_ test: (ServerFixture, TestBrowser, SQLiteStateStore) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteStateStore(path: folder.appendingPathComponent("state.sqlite").path)
    let status = EndpointStatus(endpoint: "slack", now: Self.now)
    try await EndpointRecords(store).save(status)
    try await store.changeDriftMemory(at: "slack") { memory in
      _ = memory.note([Self.finding(.foreign, "zoe")], at: Self.now - 40 * Self.day, isWhole: false)
      _ = memory.note([Self.finding(.missing, "bob")], at: Self.now - 3 * Self.day, isWhole: false)
      _ = memory.note([Self.changed], at: Self.now - 7200, isWhole: false)
      let end = Acknowledgement(until: Self.now + Self.day, reason: "a <guest>", by: "ada", at: Self.now - Self.day)
      _ = memory.acknowledge(Self.finding(.foreign, "zoe").fingerprint, end)
    }
    for (days, counts) in [(10.0, DriftCounts()), (3, DriftCounts(open: [.missing: 1], acknowledged: 1))] {
      try await store.append(
        driftSample: DriftSample(endpoint: "slack", time: Self.now - days * Self.day, document: counts.json))
    }
    var setup = ServerSetup()
    setup.controllers = { store }
    try await withServer(setup) { server async throws in
      try await test(server, try await TestBrowser.atConsole(server), store)
    }
  }

  private static let path = EndpointPlace.path("slack", .drift)
  private static let place = "\(path)/\(changed.fingerprint)"

  @Test func theOverviewShowsDriftByClassAndAgeAndOverTime() async throws {
    try await withDrift { _, browser, _ async throws in
      let page = try await browser.get("/console")
      let text = page.text.plainText
      #expect(text.contains("missing none 1 none none none") && text.contains("changed 1 none none none none"))
      #expect(text.contains("foreign none none none none 1") && !text.contains("unmanaged none"))
      #expect(
        page.text.contains("aria-label=\"Findings from 2026-09-11 14:13 to 2026-09-21 14:13: at most 2, at the end 2\"")
      )
      #expect(page.text.contains("class=\"missing\"/>") && page.text.contains("class=\"acknowledged\"/>"))
      #expect(!page.text.contains("style="))
    }
  }

  @Test func anEndpointListsItsFindingsWithTheirAge() async throws {
    try await withDrift { _, browser, _ async throws in
      let text = try await browser.get(Self.path).text.plainText
      let short = Self.changed.fingerprint.prefix(8)
      #expect(text.contains("changed User ann &lt;b&gt; since 2 hours · \(short) first seen 2026-09-21"))
      #expect(
        text.contains("title before: &quot;&lt;Intern&gt;&quot; after: &quot;Engineer&quot; changed at the endpoint"))
      #expect(text.contains("missing User bob since 3 days") && text.contains("people.yaml:12"))
      #expect(text.contains("foreign User zoe since 40 days"))
      #expect(text.contains("acknowledged until 2026-09-22 14:13 by ada: a &lt;guest&gt;"))
      // What counts stands first.
      #expect(
        try #require(text.range(of: "User bob")).lowerBound < (try #require(text.range(of: "User zoe"))).lowerBound)
      #expect(try await browser.get(EndpointPlace.path("slack", .plan)).status == 200)
    }
  }

  @Test func aFindingIsAcknowledgedAndCountsAgain() async throws {
    try await withDrift { _, browser, store async throws in
      for (until, reason, complaint) in [
        ("soon", "known", "This is no date"), ("2026-09-20", "known", "This has passed"),
        ("2028-01-01", "known", "too far away"), ("2026-12-31", " ", "This is needed"),
      ] {
        let answer = try await browser.fill(Self.place, ["until": until, "reason": reason])
        #expect(answer.status == 400 && answer.text.contains(complaint))
      }
      let done = try await browser.fill(Self.place, ["until": "2026-12-31", "reason": "until <the fair>"])
      let page = try await browser.follow(done)
      #expect(page.text.contains("acknowledged until 2026-12-31 by user:admin: until &lt;the fair&gt;"))
      let record = try await store.driftMemories()["slack"]?.records[Self.changed.fingerprint]
      #expect(record?.acknowledgement?.by == "user:admin")
      let again = try await browser.send(page, ["change": "unacknowledge"], to: Self.place)
      #expect(try await browser.follow(again).text.contains("The finding counts again."))
      #expect(try await store.driftMemories()["slack"]?.records[Self.changed.fingerprint]?.acknowledgement == nil)
    }
  }

  @Test func whatIsGoneOrForbiddenIsNotAcknowledged() async throws {
    try await withDrift { server, browser, store async throws in
      #expect(try await browser.get("\(Self.path)/0000").status == 404)
      #expect(try await browser.post(Self.place, ["until": "2026-12-31", "reason": "x"]).status == 403)
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "ann-s-secret"])
      let other = try await TestBrowser.atConsole(server, "ann", "ann-s-secret")
      #expect(try await other.get(Self.path).status == 403)
      let open = try await store.driftMemories()["slack"]?.counts(at: Self.now).open
      #expect(open == [.changed: 1, .missing: 1])
    }
  }
}
