import Endpoints
import JSON
import Reconciliation
import SCIM
import Stores
import Testing

@testable import Controller

struct ExecutorTests {
  private var world: World

  init() throws { world = try World() }

  // MARK: The window

  @Test(arguments: [1, 3, 8])
  func theWindowIsFullAndNeverExceeded(size: Int) async throws {
    var world = world
    world.declaration.limits.concurrency = size
    let rendezvous = Rendezvous(size: size)
    // Nobody goes on before so many calls are in flight.
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { call, _ in
        if call == .create { await rendezvous.meet() }
        return nil
      })
    let outcomes = try await world.apply(users(24), through: endpoint)
    #expect(outcomes.allSatisfy { $0.isApplied })
    #expect(endpoint.mostInFlight == size)
  }

  @Test func moreThanOneBlockIsWrittenAheadAndBehind() async throws {
    let storage = TestStorage(world.storage)
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { call, number in
        guard call == .create else { return nil }
        return storage.journal.count { $0.phase == .intent } >= number ? nil : EndpointError(.rejected, "no intent")
      })
    let outcomes = try await world.apply(users(600), through: endpoint, storage: storage)
    #expect(outcomes.count == 600 && outcomes.allSatisfy { $0.isApplied })
    #expect(storage.journal.count { $0.phase == .fact } == 600)
    // Far fewer waits for the disk than changes.
    #expect(storage.writes < 60)
    try await world.expectConverged(users(600))
  }

  // MARK: Endpoints that depend on others

  @Test(arguments: [false, true])
  func aDependantIsWrittenToAfterwardsOrNotAtAll(fails: Bool) async throws {
    let other = try World()
    let first = TestEndpoint(
      DirectoryEndpoint(name: "first", directory: world.directory, pageSize: 10),
      before: { call, _ in fails && call == .create ? EndpointError(.rejected, "no") : nil })
    let second = TestEndpoint(
      DirectoryEndpoint(name: "second", directory: other.directory, pageSize: 10),
      before: { call, _ in call == .create && first.calls(.create) < 2 ? EndpointError(.rejected, "too early") : nil })
    var dependant = EndpointDeclaration(name: "second", driver: .embedded)
    dependant.dependsOn = ["first"]
    let desired = DesiredState(
      resources: users(2), endpoints: [EndpointDeclaration(name: "first", driver: .embedded), dependant])
    let reconciler = Reconciler(
      endpoints: [second, first], storage: world.storage, secrets: SecretResolver(environment: [:]),
      now: { [world] in world.clock.now })
    let plan = try await reconciler.survey(desired, world.options()).plan
    guard case .applied(let summary) = try await reconciler.carryOut(plan, world.options(), run: "run") else {
      Issue.record("nothing was applied")
      return
    }
    let outcomes = try #require(summary.endpoints.first { $0.endpoint == "second" }).results.map(\.outcome)
    let skipped = Outcome.skipped(because: ResourceKey("Endpoint", "first"))
    #expect(outcomes.count == 2 && outcomes.allSatisfy { fails ? $0 == skipped : $0.isApplied })
    #expect(second.writes == (fails ? 0 : 2))
  }

  // MARK: Failures

  @Test func oneFailureStopsOnlyWhatNeedsIt() async throws {
    var world = world
    world.declaration.limits.concurrency = 1
    let endpoint = TestEndpoint(
      world.endpoint, before: { $0 == .create && $1 == 1 ? EndpointError(.rejected, "not this one") : nil })
    let desired = [user("a"), user("b"), group("g", users: ["a"]), group("h", groups: ["g"]), group("i", users: ["b"])]
    let failed = ResourceKey("User", "a")
    #expect(
      try await world.apply(desired, through: endpoint).map(\.withoutId) == [
        .failed(reason: "not this one"), .applied(remoteID: ""), .skipped(because: failed), .skipped(because: failed),
        .applied(remoteID: ""),
      ])
    #expect(try await world.apply(desired).allSatisfy { $0.isApplied })
    try await world.expectConverged(desired)
  }

  @Test func aResourceThatChangedMeanwhileIsStale() async throws {
    try await world.apply([user("a")])
    let id = try #require(try await world.resources("User").first?.id)
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { [world] call, _ in
        guard call == .update else { return nil }
        let path = AttributePath("nickName")
        try? await world.patch("User", id, [PatchOperation(.replace, path, value: "other")])
        return nil
      })
    #expect(try await world.apply([user("a", ["title": "Head"])], through: endpoint) == [.stale])
    #expect(try await world.apply([user("a", ["title": "Head"])]) == [.applied(remoteID: id)])
    try await world.expectConverged([user("a", ["title": "Head"])])
  }

  @Test func aCreateThatIsThereAlreadyCanBeAdopted() async throws {
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { [world] call, _ in
        if call == .create { _ = try? await world.create("User", ["userName": "a"]) }
        return nil
      })
    let outcomes = try await world.apply([user("a")], through: endpoint)
    let reason = outcomes.first.flatMap { if case .failed(let reason) = $0 { reason } else { nil } } ?? ""
    #expect(reason.contains("exists there already, and the next run can adopt it"))
    try await world.apply([user("a")])
    #expect(try await world.storage.ledger(of: "local")[ResourceKey("User", "a")]?.origin == .adopted)
    try await world.expectConverged([user("a")])
  }

  @Test func aSecretThatCannotBeReadFailsItsChangeAlone() async throws {
    let desired = [user("a", secrets: ["password": .environment("NONE")]), user("b")]
    let outcomes = try await world.apply(desired)
    #expect(outcomes.first == .failed(reason: "the environment variable NONE is not set"))
    #expect(outcomes.last?.isApplied == true)
  }

  // MARK: Stopping

  @Test func aStopFinishesTheCallsInFlightAndCancelsTheRest() async throws {
    let stop = StopSignal()
    let endpoint = TestEndpoint(
      world.endpoint,
      before: { call, number in
        if call == .create, number == 20 { stop.raise() }
        return nil
      })
    let desired = users(100) + [group("all", users: (1...100).map { "user\($0)" })]
    let outcomes = try await world.apply(desired, through: endpoint, stop: stop)
    let applied = outcomes.count { $0.isApplied }
    #expect((20..<40).contains(applied))
    #expect(outcomes.count { $0 == .cancelled } == 101 - applied)
    #expect(try await world.names().count == applied)
    #expect(try await world.storage.ledger(of: "local").entries.count == applied)
    #expect(try await world.storage.openIntents(at: "local").isEmpty)
    try await world.apply(desired, run: "run-2")
    try await world.expectConverged(desired)
  }

  @Test(arguments: [3, 4, 5, 6])
  func aLedgerThatFailsOnceIsToldAndLosesNothing(write: Int) async throws {
    let storage = TestStorage(world.storage) { $0 == write }
    let endpoint = TestEndpoint(world.endpoint)
    await #expect(throws: TestStorage.Broken.self) {
      try await world.apply(users(700), through: endpoint, storage: storage)
    }
    #expect(endpoint.inFlight == 0)
    #expect(try await world.storage.ledger(of: "local").entries.count == world.names().count)
    try await world.apply(users(700), run: "run-2")
    try await world.expectConverged(users(700))
  }

  @Test(arguments: [1, 2, 3, 4])
  func aLedgerThatBreaksLeavesIntentsThatTheNextPassUnderstands(write: Int) async throws {
    var world = world
    world.declaration.situations.found = .stop
    let storage = TestStorage(world.storage) { $0 >= write }
    await #expect(throws: TestStorage.Broken.self) { try await world.apply(users(700), storage: storage) }
    try await world.apply(users(700), run: "run-2")
    try await world.expectConverged(users(700))
    let entries = try await world.storage.ledger(of: "local").entries.values
    #expect(entries.allSatisfy { $0.origin == .created })
  }
}

extension Outcome {
  fileprivate var withoutId: Outcome { isApplied ? .applied(remoteID: "") : self }
}
