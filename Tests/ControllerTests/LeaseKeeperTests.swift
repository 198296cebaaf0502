import Foundation
import Reconciliation
import Stores
import Synchronization
import Testing

@testable import Controller

/// The keeper over a real state file, with a time that passes when the test says so.
struct LeaseKeeperTests {
  private let folder: TemporaryFolder
  private let storage: SQLiteStateStore

  init() throws {
    folder = try TemporaryFolder()
    storage = try SQLiteStateStore(path: folder.file("state.sqlite"))
  }

  private func keeper(
    _ name: String, lasting duration: Duration = .seconds(400_000),
    sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in try await Task.sleep(for: .seconds(3600)) }
  ) -> LeaseKeeper {
    LeaseKeeper(
      storage: storage, holder: LeaseHolder(name: name, id: name), duration: duration, isGone: { _ in false },
      sleep: sleep)
  }

  @Test func theEndpointsAreOursWhileTheBodyRuns() async throws {
    let (first, second) = (keeper("alice"), keeper("bob"))
    let tokens = try await first.holding(["slack", "github"], until: StopSignal()) { held in
      let leases = try await storage.leases()
      #expect(leases == held.leases.reversed())
      await #expect(throws: LeaseError.held([held.leases[0]])) {
        try await second.holding(["slack"], until: StopSignal()) { _ in }
      }
      #expect(!held.stop.isRaised)
      return held.leases.map(\.token)
    }
    #expect(tokens == [1, 1])
    #expect(try await storage.leases() == [])
    struct Failure: Error {}
    await #expect(throws: Failure.self) {
      try await second.holding(["slack"], until: StopSignal()) { _ in throw Failure() }
    }
    #expect(try await storage.leases() == [])
  }

  @Test func whoWaitsGetsItWhenItIsGivenBack() async throws {
    let waiting = AsyncStream<Void>.makeStream()
    let second = keeper("bob") { delay in
      // Half a second is what it waits between two attempts; all else is the renewing.
      guard delay == .milliseconds(500) else { return try await Task.sleep(for: .seconds(3600)) }
      waiting.continuation.yield()
      try await Task.sleep(for: .milliseconds(1))
    }
    let taken = try await keeper("alice").holding(["slack"], until: StopSignal()) { _ in
      let task = Task { [storage] in
        try await second.holding(["slack"], waiting: .seconds(1_000_000), until: StopSignal()) { _ in
          try await storage.leases().map(\.holder.name)
        }
      }
      for await _ in waiting.stream { break }
      return task
    }
    #expect(try await taken.value == ["bob"])
  }

  @Test func waitingEnds() async throws {
    try await keeper("alice").holding(["slack"], until: StopSignal()) { _ in
      let pauses = Counter()
      let second = keeper("bob") { _ in pauses.next() }
      await #expect(throws: LeaseError.self) {
        try await second.holding(["slack"], waiting: .milliseconds(1200), until: StopSignal()) { _ in }
      }
      #expect(pauses.count == 3)
      let stopped = StopSignal()
      stopped.raise()
      await #expect(throws: LeaseError.self) {
        try await second.holding(["slack"], waiting: .seconds(10), until: stopped) { _ in }
      }
      #expect(pauses.count == 3)
    }
  }

  /// Only the sleep until the next renewal ends, again and again.
  @Test func aLeaseIsRenewed() async throws {
    let renewals = AsyncStream<Void>.makeStream()
    let keeper = keeper("alice", lasting: .seconds(400_000)) { delay in
      guard delay == .seconds(100_000) else { return try await Task.sleep(for: .seconds(3600)) }
      try Task.checkCancellation()
      renewals.continuation.yield()
      try await Task.sleep(for: .milliseconds(1))
    }
    try await keeper.holding(["slack"], until: StopSignal()) { held in
      var count = 0
      for await _ in renewals.stream {
        count += 1
        if count == 5 { break }
      }
      let now = try #require(try await storage.leases().first)
      #expect(now.expires >= held.leases[0].expires)
      #expect(!held.stop.isRaised)
    }
  }

  @Test func whoCannotRenewIsTold() async throws {
    let keeper = keeper("alice", lasting: .seconds(400_000)) { delay in
      // Three quarters have passed, and no renewal came.
      if delay != .seconds(300_000) { try await Task.sleep(for: .seconds(3600)) }
    }
    let reason = try await keeper.holding(["slack"], until: StopSignal()) { held in
      while !held.stop.isRaised { try await Task.sleep(for: .milliseconds(1)) }
      return held.stop.reason
    }
    #expect(reason == "the lease could not be renewed in time")
  }

  @Test func whoWasOvertakenIsToldAndWritesNothing() async throws {
    let may = Mutex(false)
    let keeper = keeper("alice", lasting: .seconds(400_000)) { delay in
      guard delay == .seconds(100_000) else { return try await Task.sleep(for: .seconds(3600)) }
      while !may.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    }
    try await keeper.holding(["slack"], until: StopSignal()) { held in
      let thief = LeaseHolder(name: "bob", id: "bob")
      let stolen = try await storage.acquire(["slack"], for: thief, lasting: .seconds(400_000)) { _ in true }
      may.withLock { $0 = true }
      while !held.stop.isRaised { try await Task.sleep(for: .milliseconds(1)) }
      #expect(held.stop.reason == "another run has taken over slack")
      await #expect(throws: LeaseError.lost(endpoint: "slack")) {
        try await held.storage.forget([ResourceKey("User", "alice")], at: "slack")
      }
      #expect(try await storage.leases() == stolen)
    }
    // It gave nothing back that was not its own.
    #expect(try await storage.leases().map(\.holder.name) == ["bob"])
  }

  @Test func theOuterSignalCounts() async throws {
    let outer = StopSignal()
    try await keeper("alice").holding(["slack"], until: outer) { held in
      outer.raise()
      #expect(held.stop.isRaised && held.stop.reason == nil)
    }
  }

  // MARK: Processes

  @Test func thisProcessHasNotEnded() {
    #expect(!ProcessIdentity.current.start.isEmpty)
    #expect(!ProcessIdentity.hasEnded(ProcessIdentity.holder(named: "me")))
    #expect(ProcessIdentity.holder(named: "me").id != ProcessIdentity.holder(named: "me").id)
  }

  @Test func aProcessOfThisMachineThatIsGoneHasEnded() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    let number = process.processIdentifier
    process.waitUntilExit()
    let here = ProcessIdentity.current.place
    #expect(ProcessIdentity(place: here, number: number, start: "1").hasEnded)
    // Its number is used again.
    #expect(ProcessIdentity(place: here, number: getpid(), start: "1").hasEnded)
  }

  @Test(arguments: ["elsewhere:1/1/1#a", "", "nonsense", "a/b/c#d"]) func ofOthersNothingIsKnown(_ id: String) {
    #expect(!ProcessIdentity.hasEnded(LeaseHolder(name: "x", id: id)))
  }
}
