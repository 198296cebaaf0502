import Endpoints
import Foundation
import JSON
import Logging
import Manifests
import Reconciliation
import SCIM
import Stores
import Testing

@testable import Controller

/// The loop over a folder of manifests, with a time that passes as fast as the passes allow.
private final class LoopBed: Sendable {
  let world: World
  let stop = StopSignal()
  let overview = ControllerOverview(controller: "test")
  let manifests: ManifestIntake
  private let opened = Counter()
  private let closed = Counter()
  private let ticks = Counter()
  /// What happens at which tick.
  private let script: [Int: @Sendable (LoopBed) async throws -> Void]
  private let fault: @Sendable (_ pass: Int) -> EndpointError?

  /// - Parameter world: where the loop is to go on; nil begins with an empty directory and a manifest for alice.
  init(
    in world: World? = nil, fault: @escaping @Sendable (_ pass: Int) -> EndpointError? = { _ in nil },
    script: [Int: @Sendable (LoopBed) async throws -> Void]
  ) throws {
    let place = try world ?? World()
    self.world = place
    manifests = ManifestIntake(
      FolderSource(paths: [place.folder.file("manifests")]), now: { place.clock.now },
      compile: { ManifestCompiler().compile(ManifestFolder.contents(of: $0).sources) })
    self.script = script
    self.fault = fault
    if world == nil { try write(["alice"]) }
  }

  var passes: Int { opened.count }
  var records: EndpointRecords { EndpointRecords(world.storage) }
  var operations: Operations { Operations(records, overview, manifests, now: { self.world.clock.now }) }
  var status: EndpointStatus? { overview.content.statuses["local"] }

  /// Runs the loop until the script stops it.
  func run() async {
    let surroundings = ControlLoop.Surroundings(
      now: { self.world.clock.now }, sleep: { await self.sleep($0) }, random: { 0.5 },
      open: { _ throws(EndpointError) in try self.open() }, newRun: { "run-\(self.passes)" },
      expiries: { [ends = world.clock.now + 90 * 86_400] declaration, _ in
        [ExpiryFinding(ResourceKey("Endpoint", declaration.name), .token, expiresAt: ends)]
      })
    let loop = ControlLoop(
      surroundings: surroundings,
      leases: LeaseKeeper(storage: world.storage, holder: ProcessIdentity.holder(named: "test")), records: records,
      secrets: SecretResolver(environment: [:]), options: world.options(prune: true), stop: stop, overview: overview,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await loop.run(manifests)
  }

  func write(_ names: [String], drift: String = "correct") throws {
    try write(
      """
      apiVersion: rollcall/v1
      kind: Endpoint
      metadata: {name: local}
      spec: {type: embedded, interval: 1m, drift: \(drift)}

      """ + names.map(Self.manifest).joined())
  }

  private static func manifest(of user: String) -> String {
    """
    ---
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: \(user)}
    spec: {userName: \(user)}

    """
  }

  func write(_ text: String) throws {
    let folder = world.folder.file("manifests")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try world.folder.write(text, to: "manifests/people.yaml")
  }

  private func open() throws(EndpointError) -> any Endpoint {
    if let error = fault(opened.next()) {
      closed.next()
      throw error
    }
    return TestEndpoint(world.endpoint, closed: { self.closed.next() })
  }

  /// Whether a pass has begun, which opens its endpoint only when it has the lease.
  private var isUnderWay: Bool {
    overview.content.statuses.values.contains { status in
      status[.reconciling].isTrue && status[.reconciling].reason == .passUnderWay
    }
  }

  /// Lets the pass under way end before time goes on, so that what happens does not depend on the machine.
  private func sleep(_ duration: Duration) async {
    // Asleep and not spinning, for the pass needs the threads that other tests run on, too.
    while opened.count != closed.count || isUnderWay { try? await Task.sleep(for: .milliseconds(1)) }
    world.clock.advance(by: TimeInterval(duration.components.seconds))
    do { try await script[ticks.next()]?(self) } catch { Issue.record(error) }
  }
}

@Suite struct ControlLoopTests {
  @Test func aPassAtOnceAndThenAtEveryInterval() async throws {
    let bed = try LoopBed(script: [310: { $0.stop.raise() }])
    await bed.run()
    #expect((5...6).contains(bed.passes))
    #expect(try await bed.world.names() == ["alice"])
    try await bed.world.expectConverged([user("alice")])
  }

  @Test func aChangedFileIsAppliedAtOnce() async throws {
    let bed = try LoopBed(script: [5: { try $0.write(["alice", "bob"]) }, 20: { $0.stop.raise() }])
    await bed.run()
    #expect(bed.passes == 2)
    #expect(try await bed.world.names() == ["alice", "bob"])
  }

  @Test func otherFilesBesideTheManifestsDoNotMatter() async throws {
    let bed = try LoopBed(script: [
      5: { try $0.world.folder.write("x", to: "manifests/notes.txt") },
      9: { try $0.world.folder.write("x", to: "manifests/.hidden.yaml") }, 20: { $0.stop.raise() },
    ])
    await bed.run()
    #expect(bed.passes == 1)
  }

  @Test func faultyManifestsLeaveTheLastGoodStateInForce() async throws {
    let bed = try LoopBed(script: [
      5: { try $0.write("kind: [") }, 130: { try $0.write(["alice", "bob"]) }, 140: { $0.stop.raise() },
    ])
    await bed.run()
    // At once, two intervals on the old state, and one for the mended file.
    #expect((3...4).contains(bed.passes))
    #expect(try await bed.world.names() == ["alice", "bob"])
  }

  @Test func failuresBackOffUntilTheyEnd() async throws {
    let bed = try LoopBed(
      fault: { $0 <= 3 ? EndpointError(.unreachable, "down") : nil }, script: [50: { $0.stop.raise() }])
    await bed.run()
    // 5, 10 and 20 seconds, of which three quarters here: all before the interval of a minute is over.
    #expect(bed.passes == 4)
    #expect(try await bed.world.names() == ["alice"])
  }

  @Test func withoutItsStateNothingIsChanged() async throws {
    let bed = try LoopBed(script: [
      5: { bed in
        for suffix in ["", "-wal", "-shm"] {
          try FileManager.default.removeItem(atPath: bed.world.storage.path + suffix)
        }
        try bed.write(["alice", "bob"])
      },
      20: { bed in
        #expect(bed.status?[.ready].reason == .stateUnavailable)
        #expect(bed.status?[.ready].message.contains("was removed") == true)
        #expect(!bed.overview.content.isStateReachable)
        bed.stop.raise()
      },
    ])
    await bed.run()
    #expect(try await bed.world.names() == ["alice"])
  }

  @Test func aStopBeforeItBeginsChangesNothing() async throws {
    let bed = try LoopBed(script: [:])
    bed.stop.raise()
    await bed.run()
    #expect(bed.passes == 0)
    #expect(try await bed.world.names().isEmpty)
  }

  @Test(arguments: [("correct", "alice"), ("report", "changed"), ("ignore", "changed")])
  func driftIsTreatedAsTheEndpointSays(policy: String, name: String) async throws {
    let bed = try LoopBed(script: [3: { $0.stop.raise() }])
    try bed.write(["alice"], drift: policy)
    await bed.run()
    let alice = try #require(try await bed.world.resources("User").first)
    try await bed.world.patch("User", alice.id, [.init(.replace, .init("userName"), value: "changed")])
    let second = try LoopBed(in: bed.world, script: [3: { $0.stop.raise() }])
    await second.run()
    #expect(try await bed.world.names() == [name])
    // What the policies leave alone was not about to be done.
    let plan = try #require(try await bed.records.plan(of: "local"))
    #expect(plan.changes.count == (policy == "correct" ? 1 : 0))
    #expect(plan.result == (policy == "correct" ? "applied" : "in-sync"))
  }

  @Test func driftIsRememberedFromPassToPassAndAcknowledgedDriftIsNotCounted() async throws {
    let bed = try LoopBed(script: [3: { $0.stop.raise() }])
    try bed.write(["alice"], drift: "report")
    await bed.run()
    let alice = try #require(try await bed.world.resources("User").first)
    try await bed.world.patch("User", alice.id, [.init(.replace, .init("userName"), value: "changed")])
    let began = bed.world.clock.now
    let keeper = DriftKeeper(bed.world.storage, now: { bed.world.clock.now })
    let second = try LoopBed(
      in: bed.world,
      script: [
        5: { bed in
          let record = try #require(try await keeper.memories()["local"]?.records.values.first)
          #expect(record.finding.key == ResourceKey("User", "alice") && record.finding.class == .changed)
          #expect(bed.status?.drift == [.changed: 1])
          #expect(bed.status?[.ready].reason == .driftReported)
          let end = bed.world.clock.now + 3600
          let known = Acknowledgement(until: end, reason: "known", by: "ada", at: bed.world.clock.now)
          _ = try await keeper.acknowledge([record.fingerprint], at: "local", known, by: "ada")
        },
        130: { $0.stop.raise() },
      ])
    await second.run()
    #expect(second.passes >= 2)
    #expect(second.status?.drift == [:])
    #expect(second.status?[.ready].reason == .converged)
    let record = try #require(try await keeper.memories()["local"]?.records.values.first)
    #expect(record.firstSeen < began + 5)
    #expect(record.acknowledgement?.by == "ada")
    let counts = try await keeper.samples().map { try DriftCounts(json: $0.document) }
    #expect(counts.suffix(2) == [DriftCounts(open: [.changed: 1]), DriftCounts(acknowledged: 1)])
  }

  // MARK: Operators

  @Test func aSuspendedEndpointIsLeftAloneUntilItIsResumed() async throws {
    let bed = try LoopBed(script: [
      3: { try await $0.operations.perform(.suspend("local", reason: "audit"), for: "ada") },
      5: { try $0.write(["alice", "bob"]) },
      90: { bed in
        #expect(bed.passes == 1)
        #expect(bed.status?[.suspended].isTrue == true)
        try await bed.operations.perform(.resume("local"), for: "ada")
      },
      95: { $0.stop.raise() },
    ])
    await bed.run()
    #expect(bed.passes == 2)
    #expect(try await bed.world.names() == ["alice", "bob"])
  }

  @Test func anAskedPassIsMadeAtOnce() async throws {
    let bed = try LoopBed(script: [
      5: { try await $0.operations.perform(.reconcile(nil), for: "ada") }, 20: { $0.stop.raise() },
    ])
    await bed.run()
    #expect(bed.passes == 2)
  }

  /// Nearly half of the manifests are deleted, twice: nothing happens until somebody says that it is meant.
  @Test func whatAGuardrailRefusedPassesOnceWhenItIsApproved() async throws {
    let many = (1...60).map { "user\($0)" }
    let bed = try LoopBed(script: [
      5: { try $0.write(Array(many.prefix(31))) },
      20: { bed in
        #expect(bed.status?[.quarantined].isTrue == true)
        #expect(bed.status?[.ready].reason == .guardrail)
        #expect(try await bed.world.active() == 60)
        let plan = try #require(try await bed.records.plan(of: "local"))
        #expect(plan.result == "refused" && plan.hash == bed.status?.refusedPlan && !plan.objections.isEmpty)
        #expect(plan.summary.disable == 29 && plan.changes.allSatisfy { $0.action == .disable && $0.outcome == nil })
        try await bed.operations.perform(.approve("local", plan: nil), for: "ada")
      },
      25: { bed in
        #expect(try await bed.world.active() == 31)
        #expect(bed.status?[.ready].isTrue == true)
        #expect(try await bed.records.snapshot().orders["local"]?.approval == nil)
        let plan = try #require(try await bed.records.plan(of: "local"))
        #expect(plan.result == "applied" && plan.changes.count == 29)
        let run = try #require(plan.run)
        #expect(try await History(bed.world.storage).run(named: run)?.header?.approvedBy == "ada")
        #expect(plan.changes.allSatisfy { $0.outcome == "applied" && $0.message.isEmpty })
        try bed.write(Array(many.prefix(17)))
      },
      40: { bed in
        #expect(bed.status?[.quarantined].isTrue == true)
        bed.stop.raise()
      },
    ])
    try bed.write(many)
    await bed.run()
    #expect(try await bed.world.active() == 31)
  }

  /// Most of the files are gone: the intake asks first, before anything is planned.
  @Test func aSourceThatIsNearlyEmptyWaitsForAnApproval() async throws {
    let many = (1...30).map { "user\($0)" }
    let bed = try LoopBed(script: [
      5: { try $0.write(["user1"]) },
      20: { bed in
        #expect(bed.overview.content.source?.problem?.reason == .shrunk)
        #expect(bed.passes == 1)
        try await bed.operations.perform(.approveSource, for: "ada")
      },
      25: { bed in
        #expect(bed.overview.content.source?.isCurrent == true)
        let decisions = try await History(bed.world.storage).decisions(History.Query())
        #expect(decisions.map(\.deed) == [.approveSource] && decisions.map(\.actor) == ["ada"])
        #expect(bed.status?[.quarantined].isTrue == true)
        await #expect(throws: Operations.Refusal.self) {
          try await bed.operations.perform(.approveSource, for: "ada")
        }
        bed.stop.raise()
      },
    ])
    try bed.write(many)
    await bed.run()
    #expect(try await bed.world.active() == 30)
  }

  // MARK: What is told

  @Test func theStatusTellsOfFailuresAndOfTheirEnd() async throws {
    let bed = try LoopBed(
      fault: { $0 <= 2 ? EndpointError(.unreachable, "down") : nil },
      script: [
        2: { bed in
          // The loop takes the end of the pass in beside this.
          while bed.status?.failures != 1 { try await Task.sleep(for: .milliseconds(1)) }
          #expect(bed.status?[.ready].reason == .unreachable)
          #expect(bed.status?[.ready].message == "down")
          #expect(bed.status?.expiries == [])
        },
        50: { $0.stop.raise() },
      ])
    await bed.run()
    #expect(bed.status?[.ready].isTrue == true)
    #expect(bed.status?.failures == 0)
    let kept = try #require(try await bed.records.snapshot().statuses["local"])
    #expect(kept.expiries.map(\.subject) == [.token])
    #expect(kept[.ready].isTrue && kept.controller == "test" && kept.lastConvergence != nil)
  }

  @Test func aFaultyFileIsToldOf() async throws {
    let bed = try LoopBed(script: [
      5: { try $0.write("kind: [") },
      8: { bed in
        #expect(bed.overview.content.source?.problem?.reason == .invalid)
        bed.stop.raise()
      },
    ])
    await bed.run()
  }
}
