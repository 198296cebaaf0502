import Foundation
import JSON
import SeededRandom
import Testing

@testable import Reconciliation

/// Drift from read to read: what is new, what is still there, what is gone.
struct DriftMemoryTests {
  static let seeds = Array(UInt64(1)...60)
  private static let start = Date(timeIntervalSince1970: 1_800_000_000)

  private func finding(_ name: String, title: String = "x", _ kind: DriftReport.Finding.Class = .changed)
    -> DriftReport.Finding
  {
    DriftReport.Finding(
      class: kind, endpoint: "e", key: ResourceKey("User", name),
      attributes: [AttributeChange(path: "title", before: .string(title), after: "y", cause: .endpoint)],
      source: SourceLocation(file: "a.yaml", line: 3, column: 2))
  }

  private func acknowledgement(until: Date) -> Acknowledgement {
    Acknowledgement(until: until, reason: "known", by: "alice@build", at: Self.start)
  }

  // MARK: Properties

  /// A random history: reads, whole and not, with acknowledgements between them.
  private func history(_ seed: UInt64, _ check: (Step) throws -> Void) rethrows {
    var random = SplitMix64(seed: seed)
    var memory = DriftMemory()
    var now = Self.start
    for _ in 0..<30 {
      now += Double.random(in: 0...40_000, using: &random)
      if let some = memory.records.keys.sorted().randomElement(using: &random), Bool.random(using: &random) {
        let end = now + Double.random(in: -1000...90_000, using: &random)
        _ = memory.acknowledge(some, acknowledgement(until: end))
      }
      let findings = (0..<8).compactMap { number in
        Bool.random(using: &random)
          ? finding("u\(number)", title: ["a", "b"].randomElement(using: &random) ?? "a") : nil
      }.shuffled(using: &random)
      let step = Step(before: memory, findings: findings, now: now, isWhole: Bool.random(using: &random))
      try check(step)
      memory = step.after
    }
  }

  private struct Step {
    let before: DriftMemory
    let findings: [DriftReport.Finding]
    let now: Date
    let isWhole: Bool
    private(set) var after: DriftMemory
    private(set) var news: DriftMemory.News
    var found: Set<String> { Set(findings.map(\.fingerprint)) }

    init(before: DriftMemory, findings: [DriftReport.Finding], now: Date, isWhole: Bool) {
      self.before = before
      self.findings = findings
      self.now = now
      self.isWhole = isWhole
      after = before
      news = after.note(findings, at: now, isWhole: isWhole)
    }
  }

  @Test(arguments: seeds) func aWholeReadLeavesExactlyWhatItFound(seed: UInt64) {
    history(seed) { step in
      let expected = step.isWhole ? step.found : step.found.union(step.before.records.keys)
      #expect(Set(step.after.records.keys) == expected)
    }
  }

  @Test(arguments: seeds) func newsAreTheDifferenceOfBeforeAndAfter(seed: UInt64) {
    history(seed) { step in
      #expect(step.news.appeared == step.found.subtracting(step.before.records.keys))
      let gone = Set(step.before.records.keys).subtracting(step.after.records.keys)
      #expect(Set(step.news.gone.map(\.fingerprint)) == gone)
    }
  }

  @Test(arguments: seeds) func whatStaysKeepsItsBeginning(seed: UInt64) {
    history(seed) { step in
      for (fingerprint, record) in step.after.records {
        #expect(record.firstSeen == step.before.records[fingerprint]?.firstSeen ?? step.now)
        #expect(record.firstSeen <= record.lastSeen && record.lastSeen <= step.now)
        if step.found.contains(fingerprint) {
          #expect(step.now.timeIntervalSince(record.lastSeen) < DriftMemory.grain)
        }
      }
    }
  }

  @Test(arguments: seeds) func acknowledgementsEndAtTheirDateAndWithTheirFinding(seed: UInt64) {
    history(seed) { step in
      for (fingerprint, record) in step.after.records {
        let before = step.before.records[fingerprint]?.acknowledgement
        #expect(record.acknowledgement == before.flatMap { step.now < $0.until ? $0 : nil })
      }
    }
  }

  @Test(arguments: seeds) func theOrderOfFindingsDoesNotCount(seed: UInt64) {
    history(seed) { step in
      var other = step.before
      #expect(other.note(step.findings.reversed(), at: step.now, isWhole: step.isWhole) == step.news)
      #expect(other == step.after)
    }
  }

  @Test(arguments: seeds) func whatIsStoredComesBack(seed: UInt64) throws {
    try history(seed) { step in
      let again = try DriftMemory(step.after.documents)
      #expect(again == step.after)
    }
  }

  // MARK: Single things

  @Test func anAcknowledgedFindingThatChangesAgainIsANewOne() throws {
    var memory = DriftMemory()
    _ = memory.note([finding("alice", title: "a")], at: Self.start, isWhole: true)
    let first = try #require(memory.records.keys.first)
    #expect(memory.acknowledge(first, acknowledgement(until: Self.start + 1000)) != nil)
    let news = memory.note([finding("alice", title: "b")], at: Self.start + 1, isWhole: true)
    #expect(news.appeared.count == 1 && news.gone.map(\.fingerprint) == [first])
    #expect(memory.records.values.map(\.acknowledgement) == [nil])
  }

  @Test func whatARunHasPutRightIsForgotten() {
    var memory = DriftMemory()
    let findings = [
      finding("a"), finding("b"), finding("c", .missing), finding("d", .unmanaged), finding("e", .unmanaged),
      finding("f", .foreign),
    ]
    _ = memory.note(findings, at: Self.start, isWhole: true)
    func result(_ name: String, _ action: Change.Action, _ outcome: Outcome) -> EndpointSummary.Result {
      let change = Change(key: ResourceKey("User", name), action: action, situation: .linked, request: .delete)
      return .init(change: change, outcome: outcome)
    }
    let applied = Outcome.applied(remoteID: "1")
    memory.settle([
      result("a", .update, applied), result("b", .update, .failed(reason: "no")), result("c", .create, applied),
      result("d", .disable, applied), result("e", .delete, applied), result("x", .create, applied),
    ])
    #expect(memory.records.values.map(\.finding.key.name).sorted() == ["b", "d", "f"])
  }

  @Test func countsTellAcknowledgedOnesApart() throws {
    var memory = DriftMemory()
    _ = memory.note([finding("a"), finding("b"), finding("c", .foreign)], at: Self.start, isWhole: true)
    _ = memory.acknowledge(finding("a").fingerprint, acknowledgement(until: Self.start + 100))
    let counts = memory.counts(at: Self.start)
    #expect(counts == DriftCounts(open: [.changed: 1, .foreign: 1], acknowledged: 1))
    #expect(memory.acknowledged(at: Self.start) == [finding("a").key])
    #expect(memory.acknowledged(at: Self.start + 100).isEmpty)
    #expect(memory.counts(at: Self.start + 100) == DriftCounts(open: [.changed: 2, .foreign: 1]))
    #expect(try DriftCounts(json: counts.json) == counts)
    #expect(counts.json["missing"] == 0)
  }

  @Test func whatIsNoRecordIsRefused() {
    #expect(throws: PlanFormatError.self) { try DriftRecord(json: ["class": "changed"]) }
    #expect(throws: PlanFormatError.self) { try DriftCounts(json: ["changed": "one"]) }
  }
}
