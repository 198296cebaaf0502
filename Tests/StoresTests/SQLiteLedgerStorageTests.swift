import Foundation
import JSON
import Reconciliation
import Stores
import Testing

struct SQLiteLedgerStorageTests {
  private let folder: TemporaryFolder
  private let storage: SQLiteLedgerStorage

  init() throws {
    folder = try TemporaryFolder()
    storage = try SQLiteLedgerStorage(path: folder.file("state.sqlite"))
  }

  private func entry(_ name: String) -> Ledger.Entry {
    Ledger.Entry(
      key: ResourceKey("User", name), remoteID: "r-\(name)", origin: .adopted,
      applied: ["userName": .string(name), "n": .number(JSONNumber(validLiteral: "1.50"))],
      secretDigests: ["password": "abc", "b": "d"], onRemoval: .orphan, grace: 0.1,
      disabledAt: Date(timeIntervalSince1970: 1_800_000_000.123_456_7), updatedAt: Date(timeIntervalSince1970: 1.1))
  }

  private func record(
    _ run: String, _ name: String, _ phase: JournalRecord.Phase, _ action: Change.Action = .create
  ) -> JournalRecord {
    JournalRecord(
      run: run, time: Date(timeIntervalSince1970: 1_800_000_000.7), endpoint: "slack", key: ResourceKey("User", name),
      action: action, phase: phase, remoteID: phase == .fact ? "r-\(name)" : nil,
      outcome: phase == .fact ? "applied" : "")
  }

  @Test func entriesComeBackAsTheyWere() async throws {
    #expect(try await storage.ledger(of: "slack").entries.isEmpty)
    var bare = entry("bob")
    bare.disabledAt = nil
    bare.secretDigests = [:]
    try await storage.save([entry("alice"), bare], at: "slack")
    try await storage.save([entry("alice")], at: "github")
    let again = try SQLiteLedgerStorage(path: folder.file("state.sqlite"))
    #expect(try await again.ledger(of: "slack").entries == [entry("alice").key: entry("alice"), bare.key: bare])
    #expect(try await again.ledger(of: "github").entries.count == 1)
  }

  @Test func savingReplacesAndForgettingRemoves() async throws {
    try await storage.save([entry("alice"), entry("bob")], at: "slack")
    var renamed = entry("alice")
    renamed.remoteID = "other"
    try await storage.save([renamed], at: "slack")
    try await storage.forget([entry("bob").key, ResourceKey("User", "nobody")], at: "slack")
    #expect(try await storage.ledger(of: "slack").entries == [renamed.key: renamed])
  }

  @Test func thousandsOfEntriesAreOneTransaction() async throws {
    try await storage.save((0..<5000).map { entry("user-\($0)") }, at: "slack")
    #expect(try await storage.ledger(of: "slack").entries.count == 5000)
  }

  @Test func anIntentIsOpenUntilItsFact() async throws {
    try await storage.append([record("one", "alice", .intent), record("one", "bob", .intent)])
    try await storage.append([record("one", "alice", .fact)])
    #expect(try await storage.openIntents(at: "slack") == [record("one", "bob", .intent)])
    #expect(try await storage.openIntents(at: "github") == [])
    try await storage.append([record("one", "bob", .fact)])
    #expect(try await storage.openIntents(at: "slack") == [])
  }

  @Test func aFactAnswersItsActionAndWhatEarlierRunsLeftOpen() async throws {
    try await storage.append([record("one", "alice", .intent), record("one", "alice", .intent, .update)])
    try await storage.append([record("one", "alice", .fact)])
    #expect(try await storage.openIntents(at: "slack").map(\.action) == [.update])
    try await storage.append([record("two", "alice", .intent, .disable), record("two", "alice", .fact, .disable)])
    #expect(try await storage.openIntents(at: "slack") == [])
  }

  @Test func theDigestKeyIsMadeOnce() async throws {
    let key = try await storage.digestKey()
    #expect(key.count == 32)
    #expect(try await storage.digestKey() == key)
    #expect(try await SQLiteLedgerStorage(path: folder.file("state.sqlite")).digestKey() == key)
    let other = try SQLiteLedgerStorage(
      path: folder.file("other.sqlite"), randomKey: { Array(repeating: 7, count: 32) })
    #expect(try await other.digestKey() == Array(repeating: 7, count: 32))
  }
}
