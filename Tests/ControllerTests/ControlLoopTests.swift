import Endpoints
import Foundation
import JSON
import Logging
import Manifests
import Reconciliation
import SCIM
import Testing

@testable import Controller

/// The loop over a folder of manifests, with a time that passes as fast as the passes allow.
private final class LoopBed: Sendable {
  let world: World
  let stop = StopSignal()
  private let opened = Counter()
  private let closed = Counter()
  private let ticks = Counter()
  /// What happens at which tick.
  private let script: [Int: @Sendable (LoopBed) throws -> Void]
  private let fault: @Sendable (_ pass: Int) -> EndpointError?

  /// - Parameter world: where the loop is to go on; nil begins with an empty directory and a manifest for alice.
  init(
    in world: World? = nil, fault: @escaping @Sendable (_ pass: Int) -> EndpointError? = { _ in nil },
    script: [Int: @Sendable (LoopBed) throws -> Void]
  ) throws {
    self.world = try world ?? World()
    self.script = script
    self.fault = fault
    if world == nil { try write(["alice"]) }
  }

  var passes: Int { opened.count }

  /// Runs the loop until the script stops it.
  func run() async {
    let surroundings = ControlLoop.Surroundings(
      now: { self.world.clock.now }, sleep: { await self.sleep($0) }, random: { 0.5 },
      open: { _ throws(EndpointError) in try self.open() }, newRun: { "run-\(self.passes)" })
    let loop = ControlLoop(
      surroundings: surroundings, storage: world.storage, secrets: SecretResolver(environment: [:]),
      options: world.options(), stop: stop, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let source = FolderSource(paths: [world.folder.file("manifests")])
    await loop.run(
      ManifestIntake(source, now: { self.world.clock.now }) {
        ManifestCompiler().compile(ManifestFolder.contents(of: $0).sources)
      })
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

  /// Lets the pass under way end before time goes on, so that what happens does not depend on the machine.
  private func sleep(_ duration: Duration) async {
    // Asleep and not spinning, for the pass needs the threads that other tests run on, too.
    while opened.count != closed.count { try? await Task.sleep(for: .milliseconds(1)) }
    world.clock.advance(by: TimeInterval(duration.components.seconds))
    do { try script[ticks.next()]?(self) } catch { Issue.record(error) }
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
  }
}
