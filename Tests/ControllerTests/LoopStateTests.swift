import Endpoints
import Foundation
import Reconciliation
import Testing

@testable import Controller

struct LoopStateTests {
  private let start = Date(timeIntervalSince1970: 1_800_000_000)

  private func state(_ names: String..., interval: TimeInterval = 600) -> LoopState {
    var state = LoopState(started: start)
    state.take(desired(names, interval: interval), at: start)
    return state
  }

  private func desired(
    _ names: [String], interval: TimeInterval = 600, dependencies: [String: [String]] = [:]
  ) -> DesiredState {
    DesiredState(
      resources: [],
      endpoints: names.map { name in
        var declaration = EndpointDeclaration(name: name, driver: .embedded, interval: interval)
        declaration.dependsOn = dependencies[name] ?? []
        return declaration
      })
  }

  private func next(_ state: inout LoopState, after seconds: TimeInterval) -> String? {
    state.next(at: start + seconds)?.declaration.name
  }

  /// Begins the pass that is due and ends it.
  private func pass(
    _ state: inout LoopState, after seconds: TimeInterval, _ result: PassResult = .inSync, random: Double = 0.5
  ) throws {
    let work = try begin(&state, after: seconds)
    state.finish(work, PassEnd(result: result), at: start, random: random)
  }

  private func begin(_ state: inout LoopState, after seconds: TimeInterval = 0) throws -> LoopState.Work {
    let work = state.next(at: start + seconds)
    return try #require(work)
  }

  // MARK: Queue

  @Test func aKeyIsNeverWorkedOnTwiceAtOnce() {
    var queue = WorkQueueState()
    queue.add("a", at: start)
    #expect(queue.next(at: start) == "a")
    queue.add("a", at: start)
    #expect(queue.next(at: start) == nil)
    queue.finish("a")
    #expect(queue.next(at: start) == "a")
  }

  @Test func theEarliestIsNext() {
    var queue = WorkQueueState()
    queue.add("late", at: start + 2)
    queue.add("early", at: start + 1)
    queue.add("late", at: start + 3)
    #expect(queue.next(at: start) == nil)
    #expect(queue.next(at: start + 5) == "early")
    #expect(queue.next(at: start + 2) == "late")
  }

  @Test func whatIsNotKeptIsForgotten() {
    var queue = WorkQueueState()
    queue.add("a", at: start)
    queue.keep(only: ["b"])
    #expect(queue.next(at: start) == nil)
  }

  @Test func waitsDoubleWithinBounds() {
    let backoff = Backoff(first: 5, longest: 300)
    #expect((1...8).map(backoff.delay) == [5, 10, 20, 40, 80, 160, 300, 300])
    #expect(backoff.delay(afterFailures: .max) == 300)
  }

  // MARK: Loop

  @Test func everyEndpointIsDueAtOnceAndThenAtItsInterval() throws {
    var state = state("a", "b")
    try pass(&state, after: 0)
    #expect(next(&state, after: 0) == "b")
    #expect(next(&state, after: 0) == nil)
    #expect(next(&state, after: 599) == nil)
    #expect(next(&state, after: 601) == "a")
  }

  @Test func theIntervalIsSpreadByATenth() throws {
    var state = state("a")
    try pass(&state, after: 0, random: 0)
    #expect(state.next(at: start + 539) == nil)
    try pass(&state, after: 541, random: 1)
    #expect(next(&state, after: 659) == nil)
    #expect(next(&state, after: 661) == "a")
  }

  @Test func failuresBackOffAndASuccessForgetsThem() throws {
    var state = state("a")
    for delay in [5.0, 10, 20] {
      try pass(&state, after: 1000, .broken("no"), random: 1)
      #expect(state.next(at: start + delay - 0.1) == nil)
    }
    #expect(state.statuses["a"]?.failures == 3)
    try pass(&state, after: 1000)
    try pass(&state, after: 1000, .unreachable(EndpointError(.timedOut, "no")), random: 1)
    #expect(next(&state, after: 5.1) == "a")
  }

  @Test func aWaitIsNeverLongerThanTheInterval() throws {
    var state = state("a", interval: 7)
    for _ in 1...5 { try pass(&state, after: 1000, .broken("no"), random: 1) }
    #expect(next(&state, after: 7.1) == "a")
  }

  @Test func anEndpointThatAsksForPatienceGetsIt() throws {
    var state = state("a")
    try pass(&state, after: 0, .unreachable(EndpointError(.rateLimited(retryAfter: .seconds(90)), "slow down")))
    #expect(state.next(at: start + 89) == nil)
    #expect(next(&state, after: 91) == "a")
  }

  @Test(arguments: [
    PassResult.refused([], plan: "abc"), .unreachable(EndpointError(.unauthorized, "no")),
    .unreachable(EndpointError(.misconfigured, "no")),
  ])
  func whatOnlyPeopleCanMendWaitsForTheInterval(result: PassResult) throws {
    var state = state("a")
    try pass(&state, after: 0, result)
    #expect(next(&state, after: 500) == nil)
    #expect(next(&state, after: 601) == "a")
  }

  @Test func newManifestsMakeAllDueAndDropWhatIsGone() throws {
    var state = state("a", "b")
    let first = try begin(&state)
    let second = try begin(&state)
    state.take(desired(["b", "c"]), at: start)
    #expect(next(&state, after: 0) == "c")
    for work in [first, second] { state.finish(work, PassEnd(result: .inSync), at: start, random: 0) }
    #expect(next(&state, after: 0) == "b")
    #expect(next(&state, after: 5000) == nil)
    #expect(Set(state.statuses.keys) == ["b", "c"])
  }

  // MARK: Dependencies

  @Test func aDependantWaitsUntilWhatItNeedsIsAsAsked() throws {
    var state = LoopState(started: start)
    state.take(desired(["a", "b"], dependencies: ["a": ["b"]]), at: start)
    let work = try begin(&state)
    #expect(work.declaration.name == "b")
    #expect(state.next(at: start) == nil)
    #expect(state.statuses["a"]?[.ready].reason == .dependencyNotReady)
    #expect(state.takeChanged().map(\.endpoint) == ["a"])
    state.finish(work, PassEnd(result: .broken("no")), at: start, random: 1)
    #expect(state.next(at: start + 1) == nil)
    try pass(&state, after: 5.1)
    #expect(next(&state, after: 6) == "a")
  }

  @Test func ofOlderManifestsAPassSaysNothing() throws {
    var state = LoopState(started: start)
    let both = desired(["a", "b"], dependencies: ["a": ["b"]])
    state.take(both, at: start)
    let work = try begin(&state)
    state.take(both, at: start)
    state.finish(work, PassEnd(result: .inSync), at: start, random: 0)
    #expect(next(&state, after: 1) == "b")
    #expect(next(&state, after: 1) == nil)
  }

  // MARK: Orders

  private func records(_ name: String, _ order: EndpointOrder) -> EndpointRecords.Snapshot {
    var records = EndpointRecords.Snapshot()
    records.orders[name] = order
    return records
  }

  @Test func aSuspendedEndpointIsLeftAloneAndThenDueAtOnce() throws {
    var state = state("a")
    let suspension = EndpointOrder.Suspension(by: "ada", reason: "audit", since: start)
    state.take(records("a", EndpointOrder(suspension: suspension)), at: start)
    #expect(next(&state, after: 5000) == nil)
    state.take(records("a", EndpointOrder()), at: start + 5000)
    #expect(next(&state, after: 5000) == "a")
  }

  @Test func anOrderedPassIsMadeOnce() throws {
    var state = state("a")
    try pass(&state, after: 0)
    let order = records("a", EndpointOrder(reconcileAfter: start + 1))
    state.take(order, at: start + 1)
    try pass(&state, after: 1)
    state.take(order, at: start + 2)
    #expect(next(&state, after: 2) == nil)
  }

  @Test func anApprovalGoesWithTheNextPass() throws {
    var state = state("a")
    try pass(&state, after: 0, .refused([], plan: "abc"))
    #expect(state.statuses["a"]?.refusedPlan == "abc")
    let approval = EndpointOrder.Approval(plan: "abc", by: "ada", at: start)
    state.take(records("a", EndpointOrder(approval: approval)), at: start + 1)
    #expect(state.next(at: start + 1)?.approval == approval)
  }

  // MARK: Other controllers

  private func revision(_ commit: String) -> ManifestRevision {
    ManifestRevision(commit: commit, author: "Ada <ada@example.org>", time: start, subject: "Change")
  }

  @Test func whatAnotherComparedIsNotDue() throws {
    let records = try passed(by: "other", at: start)

    var state = LoopState(controller: "this", started: start)
    state.take(desired(["a"]), revision: revision("1"), at: start)
    state.take(records, at: start + 1)
    #expect(state.statuses["a"]?.controller == "other")
    #expect(next(&state, after: 599) == nil)
    #expect(next(&state, after: 601) == "a")

    var newer = LoopState(controller: "newer", started: start)
    newer.take(desired(["a"]), revision: revision("2"), at: start)
    newer.take(records, at: start + 1)
    #expect(next(&newer, after: 1) == "a")
  }

  /// The statuses after one pass over the first commit.
  private func passed(by controller: String, at time: Date) throws -> EndpointRecords.Snapshot {
    var other = LoopState(controller: controller, started: time)
    other.take(desired(["a"]), revision: revision("1"), at: time)
    try pass(&other, after: time.timeIntervalSince(start))
    var records = EndpointRecords.Snapshot()
    records.statuses = other.statuses
    return records
  }

  /// What was done there meanwhile, and with which options the last pass was made, nobody knows.
  @Test(arguments: ["this", "other"])
  func whatWasComparedBeforeTheStartIsComparedAgain(by controller: String) throws {
    let records = try passed(by: controller, at: start)
    var state = LoopState(controller: "this", started: start + 1)
    state.take(records, at: start + 1)
    state.take(desired(["a"]), revision: revision("1"), at: start + 1)
    state.take(records, at: start + 2)
    #expect(next(&state, after: 2) == "a")
  }

  /// A pass that was under way when this controller started may have read the endpoint before.
  @Test func aPassCountsFromWhereItBegan() throws {
    var other = LoopState(controller: "other", started: start)
    other.take(desired(["a"]), revision: revision("1"), at: start)
    let work = try begin(&other)
    var state = LoopState(controller: "this", started: start + 1)
    state.take(desired(["a"]), revision: revision("1"), at: start + 1)
    other.finish(work, PassEnd(result: .inSync), at: start + 2, random: 0.5)
    var records = EndpointRecords.Snapshot()
    records.statuses = other.statuses
    state.take(records, at: start + 2)
    #expect(next(&state, after: 2) == "a")
  }

  @Test func whoHasTheLeaseIsLeftToIt() throws {
    var state = state("a")
    try pass(&state, after: 0, .leased(holder: "other"), random: 1)
    #expect(state.takeChanged().isEmpty)
    #expect(state.next(at: start + 4.9) == nil)
    #expect(next(&state, after: 5.1) == "a")
  }
}
