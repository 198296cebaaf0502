import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Stores
import Testing

@testable import Controller

struct ReconcilerTests {
  private let world: World

  init() throws { world = try World() }

  // MARK: Converging

  @Test func oneConvergesAndTheSecondPassIsEmpty() async throws {
    let desired = users(30) + [group("all", users: (1...30).map { "user\($0)" })]
    #expect(try await world.apply(desired).allSatisfy { $0.isApplied })
    try await world.expectConverged(desired)
    #expect(try await world.names().count == 30)
  }

  @Test func groupsInGroupsAndManagersComeInOnePass() async throws {
    let desired = [
      user("ann", manager: "zoe"), user("zoe"), group("outer", users: ["zoe"], groups: ["zz-inner"]),
      group("zz-inner", users: ["ann"]),
    ]
    #expect(try await world.apply(desired).allSatisfy { $0.isApplied })
    try await world.expectConverged(desired)
    let people = Dictionary(uniqueKeysWithValues: try await world.resources("User").map { ($0.userName ?? "", $0) })
    let manager = people["ann"]?[enterprise]?["manager"]?["value"]?.string
    #expect(manager == people["zoe"]?.id)
    let outer = try #require(try await world.resources("Group").first { $0.displayName == "outer" })
    #expect(outer["members"]?.array?.count == 2)
  }

  @Test func managersInACircleKeepTheirPasswordsDigests() async throws {
    let secret = ["password": SecretReference.environment("PASSWORD")]
    let desired = [
      user("a", manager: "b", secrets: secret, rotates: true), user("b", manager: "a", secrets: secret, rotates: true),
    ]
    #expect(try await world.apply(desired, secrets: ["PASSWORD": "first-Secret-1"]).allSatisfy { $0.isApplied })
    #expect(try await world.apply(desired, secrets: ["PASSWORD": "first-Secret-1"], run: "run-2").isEmpty)
    #expect(try await world.apply(desired, secrets: ["PASSWORD": "second-Secret-2"], run: "run-3").count == 2)
    try await world.expectConverged(desired)
    #expect(try await world.directory.authenticate(userName: "a", password: "second-Secret-2") != nil)
  }

  @Test func faultsInAFifthOfAllCallsOnlyTakeMorePasses() async throws {
    var world = world
    // What a lost answer hides must be known for our own all the same.
    world.declaration.situations.found = .report
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { call, number in
        call != .page && number % 10 == 3 ? EndpointError(.unavailable(retryAfter: nil), "busy") : nil
      },
      after: { call, number in call != .page && number % 10 == 7 ? EndpointError(.interrupted, "gone") : nil })
    let desired = users(60) + [group("all", users: (1...60).map { "user\($0)" })]
    var passes = 0
    while passes < 15 {
      passes += 1
      let outcomes = try await world.apply(desired, through: endpoint, run: "run-\(passes)")
      if outcomes.allSatisfy(\.isApplied) { break }
    }
    #expect(passes < 15)
    try await world.expectConverged(desired)
    #expect(try await world.names().count == 60)
    #expect(try await world.storage.ledger(of: "local").entries.values.allSatisfy { $0.origin == .created })
  }

  @Test func aLostLedgerIsRebuiltWithoutAWrite() async throws {
    let desired = users(20) + [group("all", users: ["user1", "user2"])]
    try await world.apply(desired)
    let fresh = try SQLiteStateStore(path: world.folder.file("fresh.sqlite"))
    let endpoint = TestEndpoint(world.endpoint)
    world.clock.advance(by: 60)
    #expect(try await world.apply(desired, through: endpoint, storage: fresh).isEmpty)
    #expect(endpoint.writes == 0)
    let entries = try await fresh.ledger(of: "local").entries.values
    #expect(entries.count == 21)
    #expect(entries.allSatisfy { $0.origin == .adopted && $0.updatedAt == world.clock.now })
  }

  // MARK: Reading

  @Test func anIncompleteReadRemovesNobody() async throws {
    try await world.apply(users(25))
    let endpoint = TestEndpoint(
      world.endpoint, before: { $0 == .page && $1 == 2 ? EndpointError(.timedOut, "too slow") : nil })
    let plan = try await world.survey(Array(users(25).dropLast(15)), through: endpoint, prune: true)
    #expect(plan.changes.isEmpty)
    let reads = try #require(plan.endpoints.first?.reads.first)
    #expect(reads.completeness == .incomplete(reason: "page 2 could not be read: too slow"))
  }

  @Test func aFirstPageThatFailsIsAnEndpointThatCannotBeRead() async throws {
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { call, _ in
        call == .page ? EndpointError(.forbidden, "not you") : nil
      })
    let survey = try await world.reconciler(endpoint).survey(world.desired(users(1)), world.options())
    #expect(survey.plan.endpoints.isEmpty)
    #expect(survey.unreachable.map(\.error.message) == ["not you"])
  }

  @Test func membersOutsideOfTheScopeAreStillKnown() async throws {
    var world = world
    let alice = try await world.create("User", ["userName": "alice"])
    world.declaration.scope.kinds = ["Group"]
    let desired = [user("alice"), group("all", users: ["alice"])]
    #expect(try await world.apply(desired).count == 1)
    #expect(try await world.resources("Group").first?["members"]?.array?.first?["value"]?.string == alice.id)
    try await world.expectConverged(desired)
  }

  @Test func aPlanMadeLaterHasTheSameHash() async throws {
    try await world.apply(users(25))
    _ = try await world.create("User", ["userName": "new"])
    let desired = Array(users(24).dropFirst()) + [user("new"), user("newer")]
    let first = try await world.survey(desired, prune: true)
    world.clock.advance(by: 5)
    let second = try await world.survey(desired, prune: true)
    #expect(first.summary.disable == 2 && first.summary.create == 1)
    #expect(first.endpoints.first?.adoptions.count == 1)
    #expect(first.hash == second.hash)
  }

  // MARK: What a run that died left behind

  private func intent(_ name: String, _ action: Change.Action = .create) -> JournalRecord {
    JournalRecord(
      run: "dead", time: world.clock.now, endpoint: "local", key: ResourceKey("User", name), action: action,
      phase: .intent)
  }

  @Test(arguments: [EndpointDeclaration.Situations.Found.stop, .report, .adopt])
  func whatADeadRunCreatedIsOurs(policy: EndpointDeclaration.Situations.Found) async throws {
    var world = world
    world.declaration.situations.found = policy
    let alice = try await world.create("User", ["userName": "alice"])
    try await world.storage.append([intent("alice"), intent("bob"), intent("carol", .update)])
    try await world.apply([user("alice"), user("bob")])
    let ledger = try await world.storage.ledger(of: "local")
    #expect(ledger[ResourceKey("User", "alice")]?.remoteID == alice.id)
    #expect(ledger.entries.values.allSatisfy { $0.origin == .created })
    try await world.expectConverged([user("alice"), user("bob")])
  }

  @Test func whatNobodyBeganIsNotOurs() async throws {
    var world = world
    world.declaration.situations.found = .stop
    _ = try await world.create("User", ["userName": "alice"])
    let reconciler = world.reconciler(world.endpoint)
    let survey = try await reconciler.survey(world.desired([user("alice")]), world.options())
    guard case .refused = try await reconciler.carryOut(survey.plan, world.options(), run: "r") else {
      Issue.record("it was adopted")
      return
    }
  }

  @Test func whatThePassDidNotLookAtStaysOpen() async throws {
    try await world.storage.append([intent("alice"), intent("bob")])
    let reconciler = world.reconciler(world.endpoint)
    let options = Reconciler.Options(selection: Selection(targets: [ResourceKey("User", "bob")]))
    let survey = try await reconciler.survey(world.desired([user("alice"), user("bob")]), options)
    _ = try await reconciler.carryOut(survey.plan, options, run: "r")
    #expect(try await world.storage.openIntents(at: "local").map(\.key.name) == ["alice"])
  }
}
