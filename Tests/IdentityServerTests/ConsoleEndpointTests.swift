import Foundation
import JSON
import NIOHTTP1
import Stores
import Testing

@testable import IdentityServer
@testable import Reconciliation

/// What controllers do, in the console, over a state in SQLite as they keep it.
struct ConsoleEndpointTests {
  private static let now = Date(timeIntervalSince1970: 1_790_000_000)
  private static let hash = "9f2c41d0aaaabbbbcccc"

  /// A server beside a state with three endpoints: `ready <b>`, `refused` and `lost`, which no controller comes to any more.
  private func withState(
    _ test: (ServerFixture, TestBrowser, EndpointRecords, SQLiteStateStore) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteStateStore(path: folder.appendingPathComponent("state.sqlite").path)
    let records = EndpointRecords(store)
    for status in Self.statuses { try await records.save(status) }
    try await store.changeDriftMemory(at: "ready <b>") { memory in
      let found = [("ann", .changed), ("bob", .changed), ("zoe", .foreign)] as [(String, DriftReport.Finding.Class)]
      let findings = found.map { name, kind in
        DriftReport.Finding(
          class: kind, endpoint: "ready <b>", key: ResourceKey("User", name), attributes: [], source: nil)
      }
      _ = memory.note(findings, at: Self.now, isWhole: true)
    }
    try await records.save(Self.plan)
    var setup = ServerSetup()
    setup.controllers = { store }
    try await withServer(setup) { server async throws in
      try await test(server, try await TestBrowser.atConsole(server), records, store)
    }
  }

  private static var statuses: [EndpointStatus] {
    var ready = EndpointStatus(endpoint: "ready <b>", now: now)
    ready.set(.ready, true, .driftReported, "2 drifted", at: now)
    (ready.lastPass, ready.lastConvergence, ready.nextPass) = (now - 90, now - 90, now + 1800)
    // What a pass found and put right.
    ready.drift = [.missing: 7]
    var refused = EndpointStatus(endpoint: "refused", now: now)
    for kind in [EndpointCondition.Kind.ready, .quarantined] {
      refused.set(kind, kind == .quarantined, .guardrail, "14 deletes are more than <5%>", at: now)
    }
    (refused.lastPass, refused.nextPass, refused.refusedPlan) = (now - 60, now + 60, hash)
    refused.pending = PlanSummary(withheld: 1)
    for _ in 1...14 { refused.pending.count(.delete) }
    refused.withheld = [.init(key: ResourceKey("User", "erin <i>"), reason: "page 3 of the read failed")]
    (refused.revision, refused.controller) = ("4f1c2ab9d0", "host:7")
    let partner = ExpiryFinding(
      ResourceKey("IdentityProvider", "partner"), .certificate, expiresAt: now + 12.5 * 86_400)
    let token = ExpiryFinding(ResourceKey("Endpoint", "refused"), .token, expiresAt: now + 90.5 * 86_400)
    ready.expiries = [partner]
    refused.expiries = [partner, token]
    var lost = EndpointStatus(endpoint: "lost", now: now - 7200)
    lost.set(.ready, true, .converged, at: now - 7200)
    (lost.lastPass, lost.lastConvergence, lost.nextPass) = (now - 7200, now - 7200, now - 3600)
    return [ready, refused, lost]
  }

  private static var plan: PlanRecord {
    let deletes = (1...60).map { number in
      PlanRecord.Entry(
        key: ResourceKey("User", "user\(number)"), action: .delete, situation: .unmanaged, remoteID: "\(number)",
        reason: "removed from the manifests")
    }
    var plan = PlanRecord(
      endpoint: "refused", time: now - 60, result: "refused", hash: hash,
      changes: [
        PlanRecord.Entry(
          key: ResourceKey("User", "ann <b>"), action: .update, situation: .linked, remoteID: "7",
          attributes: [
            AttributeChange(path: "title", before: "<old>", after: "new", cause: .endpoint),
            AttributeChange(path: "password", before: nil, after: "•••", cause: .manifest),
          ], source: SourceLocation(file: "people.yaml", line: 12))
      ] + deletes,
      withheld: [
        .init(key: ResourceKey("User", "erin"), situation: .unmanaged, reason: "page 3 of the read failed", source: nil)
      ],
      objections: [
        Objection(
          guardrail: "maxDeletes", endpoint: "refused", message: "60 deletes are too many", hint: "raise maxDeletes")
      ])
    plan.summary.update = 1
    plan.summary.delete = 60
    plan.summary.withheld = 1
    return plan
  }

  private static func path(_ name: String, _ action: ConsoleRoute.EndpointAction = .view) -> String {
    EndpointPlace.path(name, action)
  }

  // MARK: Looking

  @Test func theOverviewTellsHowEndpointsFare() async throws {
    try await withState { _, browser, _, _ async throws in
      let page = try await browser.get("/console")
      let text = page.text.plainText
      #expect(
        text.contains("ready &lt;b&gt; ready as asked 90 s ago next pass in 30 min none none 2 changed, 1 foreign"))
      #expect(text.contains("refused quarantined 14 deletes are more than &lt;5%&gt; never yet as asked"))
      #expect(text.contains("refused is quarantined: 14 deletes are more than &lt;5%&gt;"))
      #expect(text.contains("No controller has come to lost, where a pass was due 60 min ago."))
      #expect(text.contains("refused: 1 withheld."))
      #expect(text.components(separatedBy: "The certificate of IdentityProvider/partner ends in 12 days").count == 2)
      #expect(text.contains("Certificate of IdentityProvider/partner expires in 12 days"))
      #expect(text.contains("Token of Endpoint/refused expires in 90 days"))
      #expect(page.text.contains("href=\"/console/endpoints/ready%20%3Cb%3E\""))
      // What needs somebody stands first.
      let places = ["lost", "refused", "ready &lt;b&gt;"].map { page.text.range(of: "\">\($0)</a></th>")?.lowerBound }
      #expect(places == places.sorted { ($0 ?? page.text.endIndex) < ($1 ?? page.text.endIndex) })
      #expect(
        try await browser.get("/console/endpoints").text.plainText.contains(
          "lost unattended ready when a controller came last, 2 h ago as asked 2 h ago no controller has come"))
      #expect(!text.contains("lost is unattended"))
      #expect(try await browser.get(Self.path("ready <b>")).text.plainText.contains("2 changed, 1 foreign"))
    }
  }

  @Test func anEndpointTellsAllOfItself() async throws {
    try await withState { _, browser, records, store async throws in
      try await store.begin(
        RunHeader(
          run: "run-1", time: Self.now - 50, verb: "run", actor: "<ada>", commit: "abcdef0123456789", planHash: "p",
          endpoints: ["refused"]))
      var counts = RunEnd.Counts()
      (counts.applied, counts.failed) = (2, 1)
      try await store.end(RunEnd(run: "run-1", time: Self.now - 40, outcome: .partial, counts: counts))
      try await store.begin(
        RunHeader(run: "run-2", time: Self.now, verb: "apply", actor: "bob", planHash: "p", endpoints: ["elsewhere"]))
      let text = try await browser.get(Self.path("refused")).text.plainText
      #expect(text.contains("refused quarantined") && text.contains("Quarantined yes"))
      #expect(text.contains("Asked for and not in force 0 to add, 0 to change, 0 to disable, 14 to delete"))
      #expect(text.contains("User erin &lt;i&gt; withheld: page 3 of the read failed"))
      #expect(text.contains("Version of the manifests 4f1c2ab9d0") && text.contains("Controller host:7"))
      #expect(text.contains("partial: 2 applied, 1 failed run by &lt;ada&gt; 2026-09-21"))
      #expect(text.contains("commit abcdef012345, run run-1") && !text.contains("run-2"))
    }
  }

  @Test func thePlanReadsAsOnTheCommandLine() async throws {
    try await withState { _, browser, _, _ async throws in
      let page = try await browser.get(Self.path("refused", .plan))
      let text = page.text.plainText
      #expect(text.contains("Plan: 0 to add, 1 to change, 0 to disable, 60 to delete, 1 withheld."))
      #expect(text.contains("plan 9f2c41d0aaaa") && text.contains("60 deletes are too many"))
      #expect(
        text.contains(
          "update User ann &lt;b&gt; people.yaml:12 title before: &quot;&lt;old&gt;&quot; after: &quot;new&quot; changed at the endpoint"
        ))
      #expect(text.contains("password after: •••"))
      #expect(text.contains("delete User user1 removed from the manifests") && text.contains("1 to 50 of 61"))
      #expect(text.contains("User erin withheld: page 3 of the read failed"))
      let rest = try await browser.get(Self.path("refused", .plan) + "?from=51").text.plainText
      #expect(rest.contains("delete User user60") && !rest.contains("user49") && rest.contains("51 to 61 of 61"))
      let none = try await browser.get(Self.path("lost", .plan)).text.plainText
      #expect(none.contains("No pass has come to a plan yet."))
      #expect(try await browser.get(Self.path("nobody")).status == 404)
    }
  }

  // MARK: Asking

  @Test func aPassIsAskedFor() async throws {
    try await withState { _, browser, records, _ async throws in
      let done = try await browser.fill(Self.path("lost"), [:], action: Self.path("lost", .reconcile))
      #expect(try await browser.follow(done).text.contains("A pass is asked for"))
      #expect(try await records.snapshot().orders.mapValues(\.reconcileAfter).keys.sorted() == ["lost"])
      _ = try await browser.fill("/console/endpoints", [:])
      #expect(try await records.snapshot().orders.keys.sorted() == ["lost", "ready <b>", "refused"])
    }
  }

  @Test func anEndpointIsSuspendedAndResumed() async throws {
    try await withState { _, browser, records, store async throws in
      let long = try await browser.fill(
        Self.path("ready <b>", .suspend), ["reason": String(repeating: "a", count: 501)])
      #expect(long.status == 400 && long.text.contains("must not be longer"))
      #expect(try await records.snapshot().orders.isEmpty)
      let done = try await browser.fill(Self.path("ready <b>", .suspend), ["reason": "an <audit>"])
      let page = try await browser.follow(done)
      #expect(page.text.plainText.contains("ready &lt;b&gt; suspended") && page.text.contains("an &lt;audit&gt;"))
      let suspension = try #require(try await records.snapshot().orders["ready <b>"]?.suspension)
      #expect(suspension.by == "user:admin" && suspension.reason == "an <audit>")
      let resumed = try await browser.send(page, to: Self.path("ready <b>", .resume))
      #expect(try await browser.follow(resumed).text.plainText.contains("ready &lt;b&gt; ready"))
      #expect(try await records.snapshot().orders["ready <b>"]?.suspension == nil)
      let lines = try await store.decisions().map { try $0.entry.content().line }
      let decisions = lines.compactMap { if case .decision(let decision) = $0 { decision } else { nil } }
      #expect(decisions.map(\.deed) == [.suspend, .resume] && decisions.map(\.reason) == ["an <audit>", nil])
      #expect(decisions.allSatisfy { $0.actor == "user:admin" && $0.endpoint == "ready <b>" })
    }
  }

  @Test func aRefusedPlanIsApprovedOnceItIsReadAgain() async throws {
    try await withState { _, browser, records, _ async throws in
      #expect(try await browser.get(Self.path("refused")).text.contains(">Approve plan</a>"))
      let page = try await browser.get(Self.path("refused", .approve))
      #expect(page.text.contains("Approve plan 9f2c41d0aaaa of refused?"))
      // Another plan was refused while the question stood there.
      var status = Self.statuses[1]
      status.refusedPlan = "ffff0000ffff0000"
      try await records.save(status)
      let stale = try await browser.send(page, to: Self.path("refused", .approve))
      #expect(stale.status == 409 && stale.text.contains("The plan has changed since you opened this page"))
      #expect(try await records.snapshot().orders.isEmpty)
      let done = try await browser.follow(try await browser.send(stale, to: Self.path("refused", .approve)))
      #expect(done.text.contains("Approved: the next pass at refused") && !done.text.contains(">Approve plan</a>"))
      let approval = try #require(try await records.snapshot().orders["refused"]?.approval)
      #expect(approval.plan == "ffff0000ffff0000" && approval.by == "user:admin")
    }
  }

  @Test func nothingIsAskedWithoutTheFormsToken() async throws {
    try await withState { _, browser, records, _ async throws in
      for action in [ConsoleRoute.EndpointAction.reconcile, .suspend, .resume, .approve] {
        let answer = try await browser.post(Self.path("refused", action), ["version": Self.hash, "reason": "x"])
        #expect(answer.status == 403)
      }
      #expect(try await browser.post("/console/endpoints", [:]).status == 403)
      #expect(try await records.snapshot().orders.isEmpty)
      #expect(try await browser.get(Self.path("refused", .reconcile)).status == 405)
    }
  }

  // MARK: Whom it concerns

  @Test func onlyAdministratorsSeeIt() async throws {
    try await withState { server, _, _, _ async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "ann-s-secret"])
      let browser = try await TestBrowser.atConsole(server, "ann", "ann-s-secret")
      for path in [
        "/console/endpoints", Self.path("refused"), Self.path("refused", .plan), Self.path("refused", .approve),
        "/console/live",
      ] {
        let page = try await browser.get(path)
        #expect(page.status == 403 && !page.text.contains("quarantined"))
      }
    }
  }

  @Test func withoutAStateThereIsNothingOfIt() async throws {
    try await withServer { server async throws in
      let browser = try await TestBrowser.atConsole(server)
      #expect(try await browser.get("/console").text.contains("/console/endpoints") == false)
      #expect(try await browser.get("/console/endpoints").status == 404)
    }
  }

  @Test func aStateThatCannotBeReadKeepsNobodyFromTheRest() async throws {
    struct Gone: Error {}
    var setup = ServerSetup()
    setup.controllers = { throw Gone() }
    try await withServer(setup) { server async throws in
      let browser = try await TestBrowser.atConsole(server)
      let overview = try await browser.get("/console")
      #expect(overview.status == 200 && overview.text.contains("cannot be read or written now"))
      #expect(try await browser.get("/console/endpoints").status == 503)
    }
  }
}
