import Foundation
import JSON
import Reconciliation
import Stores
import Testing

/// What every store of a state must do: its ledgers and its journal.
struct StateStoreTests {
  private func entry(_ name: String) -> Ledger.Entry {
    Ledger.Entry(
      key: ResourceKey("User", name), remoteID: "r-\(name)", origin: .adopted,
      applied: ["userName": .string(name), "n": .number(JSONNumber(validLiteral: "1.50"))],
      secretDigests: ["password": "abc", "b": "d"], onRemoval: .orphan, grace: 0.1,
      disabledAt: Date(timeIntervalSince1970: 1_800_000_000.123_456_7), updatedAt: Date(timeIntervalSince1970: 1.1))
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func entriesComeBackAsTheyWere(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      #expect(try await storage.ledger(of: "slack").entries.isEmpty)
      var bare = entry("bob")
      bare.disabledAt = nil
      bare.secretDigests = [:]
      try await storage.save([entry("alice"), bare], at: "slack")
      try await storage.save([entry("alice")], at: "github")
      let again = try open()
      #expect(try await again.ledger(of: "slack").entries == [entry("alice").key: entry("alice"), bare.key: bare])
      #expect(try await again.ledger(of: "github").entries.count == 1)
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func savingReplacesAndForgettingRemoves(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.save([entry("alice"), entry("bob")], at: "slack")
      var renamed = entry("alice")
      renamed.remoteID = "other"
      try await storage.save([renamed], at: "slack")
      try await storage.forget([entry("bob").key, ResourceKey("User", "nobody")], at: "slack")
      #expect(try await storage.ledger(of: "slack").entries == [renamed.key: renamed])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func thousandsOfEntriesAreOneTransaction(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.save((0..<5000).map { entry("user-\($0)") }, at: "slack")
      #expect(try await storage.ledger(of: "slack").entries.count == 5000)
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func anIntentIsOpenUntilItsFact(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.append([.sample("one", "alice", .intent), .sample("one", "bob", .intent)])
      try await storage.append([.sample("one", "alice", .fact)])
      #expect(try await storage.openIntents(at: "slack") == [.sample("one", "bob", .intent)])
      #expect(try await storage.openIntents(at: "github") == [])
      try await storage.append([.sample("one", "bob", .fact)])
      #expect(try await storage.openIntents(at: "slack") == [])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func aFactAnswersItsActionAndWhatEarlierRunsLeftOpen(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.append([.sample("one", "alice", .intent), .sample("one", "alice", .intent, .update)])
      try await storage.append([.sample("one", "alice", .fact)])
      #expect(try await storage.openIntents(at: "slack").map(\.action) == [.update])
      try await storage.append([.sample("two", "alice", .intent, .disable), .sample("two", "alice", .fact, .disable)])
      #expect(try await storage.openIntents(at: "slack") == [])
    }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func theDigestKeyIsMadeOnce(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      let key = try await storage.digestKey()
      #expect(key.count == 32)
      #expect(try await storage.digestKey() == key)
      #expect(try await open().digestKey() == key)
    }
  }

  @Test func theDigestKeyComesFromWhereItIsTold() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStateStore(
      path: folder.file("state.sqlite"), randomKey: { Array(repeating: 7, count: 32) })
    #expect(try await store.digestKey() == Array(repeating: 7, count: 32))
  }

  // MARK: The chain

  private func lines(_ storage: any StateStorage) async throws -> [JournalLine] {
    try await storage.journal(after: 0, limit: .max).map { try $0.entry.content().line }
  }

  @Test(arguments: StateStoreUnderTest.allCases)
  func everyLineNamesTheOneBefore(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      #expect(try await storage.journalHead() == .empty)
      let time = Date(timeIntervalSince1970: 1_800_000_000.125)
      let header = RunHeader(
        run: "one", time: time, verb: "apply", actor: "alice@build", commit: "4f1c2ab", planHash: "abc",
        endpoints: ["slack"], undoes: "zero", approvedBy: "bob")
      var intent = JournalRecord.sample("one", "alice", .intent, .delete)
      intent.detail = JournalRecord.Detail(
        attributes: [AttributeChange(path: "active", before: true, after: nil, cause: .both)], reason: "because",
        source: SourceLocation(file: "a.yaml", line: 3), removed: entry("alice"))
      var counts = RunEnd.Counts()
      counts.applied = 1
      let end = RunEnd(run: "one", time: time, outcome: .partial, counts: counts)
      try await storage.begin(header)
      try await storage.append([intent, .sample("one", "alice", .fact, .delete)])
      try await storage.end(end)
      let rows = try await open().journal(after: 0, limit: 100)
      #expect(
        try await lines(storage) == [
          .begun(header), .change(intent), .change(.sample("one", "alice", .fact, .delete)), .ended(end),
        ])
      var head = JournalHead.empty
      for row in rows {
        #expect(row.entry == head.next(try row.entry.content().line))
        #expect(row.labels == JournalRow.Labels(try row.entry.content().line))
        head = row.entry.head
      }
      #expect(head.sequence == 4)
      #expect(try await storage.journalHead() == head)
      #expect(try await storage.journal(after: 1, limit: 2).map(\.entry.sequence) == [2, 3])
    }
  }

  /// As many processes would: each over a store of its own.
  @Test(arguments: StateStoreUnderTest.allCases)
  func theChainNeverForks(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let writers = 4
      let each = 25
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<writers {
          group.addTask {
            let storage = try open()
            for number in 0..<each {
              try await storage.append([
                .sample("run-\(writer)", "u\(number)", .intent), .sample("run-\(writer)", "u\(number)", .fact),
              ])
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await open().journal(after: 0, limit: .max)
      #expect(rows.count == writers * each * 2)
      var head = JournalHead.empty
      for row in rows {
        #expect(row.entry == head.next(try row.entry.content().line))
        head = row.entry.head
      }
      #expect(try await open().journalHead() == head)
    }
  }
}

extension JournalRecord {
  static func sample(
    _ run: String, _ name: String, _ phase: Phase, _ action: Change.Action = .create
  ) -> JournalRecord {
    JournalRecord(
      run: run, time: Date(timeIntervalSince1970: 1_800_000_000.7), endpoint: "slack", key: ResourceKey("User", name),
      action: action, phase: phase, remoteID: phase == .fact ? "r-\(name)" : nil,
      outcome: phase == .fact ? "applied" : "")
  }
}
