import Foundation
import JSON
import Reconciliation
import Stores
import Testing

/// Leases in every store of a state. One that lasts no time has run out at once, which spares the tests from waiting.
struct LeaseStorageTests {
  private let alice = LeaseHolder(name: "alice@build (apply)", id: "1")
  private let bob = LeaseHolder(name: "bob@build (apply)", id: "2")

  private func acquire(
    _ storage: any StateStorage, _ endpoints: [String], _ holder: LeaseHolder,
    lasting duration: Duration = .seconds(86_400)
  ) async throws -> [Lease] {
    try await storage.acquire(endpoints, for: holder, lasting: duration) { _ in false }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func oneHoldsItAndTheOtherLearnsWho(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let (first, second) = (try open(), try open())
      let leases = try await acquire(first, ["slack", "github"], alice)
      #expect(leases.map(\.endpoint) == ["slack", "github"])
      #expect(
        leases.allSatisfy { $0.token == 1 && $0.holder == alice && $0.expires.timeIntervalSince($0.since) == 86_400 })
      let slack = leases[0]
      await #expect(throws: LeaseError.held([slack])) { try await acquire(second, ["jira", "slack"], bob) }
      // All or none
      #expect(try await second.leases().map(\.endpoint) == ["github", "slack"])
      await #expect(throws: LeaseError.self) { try await acquire(first, ["slack"], alice) }
      try await first.release(leases)
      #expect(try await second.leases() == [])
      #expect(try await second.lapsedLeases() == [])
      #expect(try await acquire(second, ["jira", "slack"], bob).map(\.token) == [1, 2])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func aLeaseThatRanOutIsTakenWithANewToken(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      let old = try await acquire(storage, ["slack"], alice, lasting: .zero)
      #expect(try await storage.leases() == [])
      #expect(try await storage.lapsedLeases() == old)
      // Nobody has taken it yet.
      let renewed = try await storage.renew(old, lasting: .zero)
      #expect(renewed.map(\.token) == [1])
      let new = try await acquire(storage, ["slack"], bob)
      #expect(new.map(\.token) == [2])
      #expect(try await storage.lapsedLeases() == [])
      await #expect(throws: LeaseError.lost(endpoint: "slack")) {
        try await storage.renew(old, lasting: .seconds(86_400))
      }
      // It is not the old holder's to give back.
      try await storage.release(old)
      #expect(try await storage.leases() == new)
      let longer = try await storage.renew(new, lasting: .seconds(864_000))
      #expect(longer[0].since == new[0].since && longer[0].expires > new[0].expires)
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func theLeaseOfOneWhoIsGoneIsFree(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      _ = try await acquire(storage, ["slack"], alice)
      let taken = try await storage.acquire(["slack"], for: bob, lasting: .seconds(86_400)) { [alice] in $0 == alice }
      #expect(taken.map(\.token) == [2])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func whatAnOlderLeaseWritesIsRefused(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      let entry = Ledger.Entry(
        key: ResourceKey("User", "alice"), remoteID: "1", origin: .created, applied: [:], updatedAt: .distantPast)
      let intent = JournalRecord.sample("one", "alice", .intent)
      let header = RunHeader(
        run: "one", time: .distantPast, verb: "apply", actor: "alice", planHash: "", endpoints: ["slack"])
      let old = storage.ledgers(under: try await acquire(storage, ["slack"], alice, lasting: .zero))
      try await old.begin(header)
      try await old.append([intent])
      let new = storage.ledgers(under: try await acquire(storage, ["slack"], bob))
      let lost = LeaseError.lost(endpoint: "slack")
      await #expect(throws: lost) { try await old.save([entry], at: "slack") }
      await #expect(throws: lost) { try await old.forget([entry.key], at: "slack") }
      await #expect(throws: lost) { try await old.append([.sample("one", "alice", .fact)]) }
      await #expect(throws: lost) { try await old.begin(header) }
      #expect(try await storage.ledger(of: "slack").entries.isEmpty)
      #expect(try await storage.openIntents(at: "slack") == [intent])
      // What it did not finish is evidence all the same.
      try await old.end(RunEnd(run: "one", time: .distantPast, outcome: .interrupted))
      try await new.save([entry], at: "slack")
      #expect(try await old.ledger(of: "slack").entries.count == 1)
      #expect(try await storage.journalHead().sequence == 3)
    }
  }

  /// Many at once, each over a store of its own: one lease at a time, and every token once.
  @Test(arguments: StateStoreUnderTest.allCases)
  func tokensGrowWhoeverTakesThem(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let tokens = try await withThrowingTaskGroup(of: [Int].self) { group in
        for number in 0..<4 {
          group.addTask {
            let storage = try open()
            let holder = LeaseHolder(name: "\(number)", id: "\(number)")
            return try await (0..<10).asyncMap { _ in
              try await storage.acquire(["slack"], for: holder, lasting: .zero) { _ in false }[0].token
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(tokens.sorted() == Array(1...40))
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
