import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Stores
import Testing

@testable import Controller

/// Drift from pass to pass over a real directory and a real state.
struct DriftKeeperTests {
  private let world: World
  private let desired = [user("ann", ["title": "Engineer"]), user("bob", ["title": "Engineer"])]

  init() throws { world = try World() }

  private var keeper: DriftKeeper { DriftKeeper(world.storage, now: { [clock = world.clock] in clock.now }) }

  private func note(isWhole: Bool = true, _ change: (inout EndpointPlan) -> Void = { _ in }) async throws
    -> (memory: DriftMemory, news: DriftMemory.News)
  {
    var plan = try #require(try await world.survey(desired).endpoints.first)
    change(&plan)
    return try await keeper.note(plan, isWhole: isWhole)
  }

  private func setTitle(_ name: String, _ title: String) async throws {
    let person = try #require(try await world.resources("User").first { $0.userName == name })
    try await world.patch("User", person.id, [PatchOperation(.replace, AttributePath("title"), value: .string(title))])
  }

  @Test func driftIsNewOnceAndGoneWhenItIs() async throws {
    try await world.apply(desired)
    #expect(try await note().memory.records.isEmpty)
    try await setTitle("ann", "Boss")
    let first = try await note()
    #expect(first.news.appeared.count == 1)
    let began = world.clock.now
    world.clock.advance(by: 86_400)
    let second = try await note()
    #expect(second.news.appeared.isEmpty && second.news.gone.isEmpty)
    #expect(second.memory.records.values.map(\.firstSeen) == [began])
    try await setTitle("ann", "Engineer")
    #expect(try await note().news.gone.map(\.finding.key.name) == ["ann"])
    #expect(try await keeper.memories().isEmpty)
  }

  @Test func aReadThatIsNotWholeMakesNothingGone() async throws {
    try await world.apply(desired)
    try await setTitle("ann", "Boss")
    _ = try await note()
    try await setTitle("ann", "Engineer")
    #expect(try await note(isWhole: false).memory.records.count == 1)
    let partly = try await note { plan in
      plan.reads[0].completeness = .incomplete(reason: "page 2 failed")
    }
    #expect(partly.memory.records.count == 1)
    #expect(try await note().memory.records.isEmpty)
  }

  @Test func whatAPassPutsRightWasFoundAndIsForgotten() async throws {
    try await world.apply(desired)
    try await setTitle("ann", "Boss")
    let reconciler = world.reconciler(world.endpoint)
    let plan = try await reconciler.survey(world.desired(desired), world.options()).plan
    guard case .applied(let summary) = try await reconciler.carryOut(plan, world.options(), run: "run-2") else {
      Issue.record("nothing was applied")
      return
    }
    let noted = try await keeper.note(
      try #require(plan.endpoints.first), isWhole: true, results: summary.endpoints[0].results)
    #expect(noted.news.appeared.count == 1)
    #expect(try await keeper.memories().isEmpty)
    #expect(try await keeper.samples().map { try DriftCounts(json: $0.document).total } == [1])
  }

  @Test func anAcknowledgementHoldsFromPassToPassAndEnds() async throws {
    try await world.apply(desired)
    try await setTitle("ann", "Boss")
    let fingerprint = try #require(try await note().news.appeared.first)
    let acknowledgement = Acknowledgement(
      until: world.clock.now + 86_400, reason: "known", by: "alice", at: world.clock.now)
    let records = try await keeper.acknowledge([fingerprint, "gone"], at: "local", acknowledgement, by: "alice")
    #expect(records.map(\.acknowledgement) == [acknowledgement])
    let decision = try #require(try await History(world.storage).decisions(History.Query()).first)
    #expect(decision == JournalDecision(records[0], acknowledgement, by: "alice", at: world.clock.now))
    world.clock.advance(by: 86_399)
    #expect(try await note().memory.records[fingerprint]?.acknowledgement == acknowledgement)
    world.clock.advance(by: 1)
    #expect(try await note().memory.records[fingerprint]?.acknowledgement == nil)
  }

  @Test func driftIsMeasuredWhenItChangesAndNowAndThen() async throws {
    try await world.apply(desired)
    func totals() async throws -> [Int] { try await keeper.samples().map { try DriftCounts(json: $0.document).total } }
    for _ in 0..<10 {
      _ = try await note()
      world.clock.advance(by: 60)
    }
    #expect(try await totals() == [0])
    try await setTitle("ann", "Boss")
    _ = try await note()
    _ = try await note(isWhole: false)
    #expect(try await totals() == [0, 1])
    world.clock.advance(by: DriftMemory.grain + 1)
    _ = try await note()
    #expect(try await totals() == [0, 1, 1])
    world.clock.advance(by: DriftKeeper.span)
    _ = try await note()
    #expect(try await world.storage.driftSamples(since: .distantPast).count == 2)
  }
}
