import Foundation
import Reconciliation
import Stores
import Testing

/// What people decide beside the runs, in every store of a state.
struct JournalDecisionTests {
  /// What people decide is chained with the runs, belongs to none of them, and stands where the indices find it.
  @Test(arguments: StateStoreUnderTest.allCases)
  func decisionsStandBesideTheRuns(_ kind: StateStoreUnderTest) async throws {
    try await kind.use { open in
      let storage = try open()
      try await storage.append([.sample("one", "alice", .intent)])
      var full = JournalDecision(.acknowledge, by: "ada", at: Date(milliseconds: 1_800_000_000_125), endpoint: "slack")
      (full.key, full.finding, full.reason) = (ResourceKey("User", "alice"), "1f2e", "known")
      (full.plan, full.commit, full.until) = ("9f2c", "4f1c", Date(milliseconds: 1_900_000_000_000))
      let bare = JournalDecision(.approveSource, by: "bob", at: Date(milliseconds: 1_800_000_000_126))
      try await storage.note([full, bare])
      try await storage.append([.sample("one", "alice", .fact)])
      let rows = try await open().decisions()
      #expect(try rows.map { try $0.entry.content().line } == [.decision(full), .decision(bare)])
      #expect(rows.map(\.labels.name) == ["alice", nil] && rows.map(\.labels.run) == ["", ""])
      #expect(try await storage.runs() == ["one"])
      #expect(try await storage.intents(on: "User", named: "alice").count == 1)
      #expect(try await storage.openIntents(at: "slack").isEmpty)
      var audit = JournalAudit()
      for row in try await storage.journal(after: 0, limit: .max) { audit.take(row) }
      audit.finish(try await storage.journalHead())
      #expect(audit.faults.isEmpty && audit.count == 4)
    }
  }
}
