import Foundation
import JSON
import Reconciliation
import Testing

@testable import Reports

struct HistoryReportTests {
  private static let time = Date(timeIntervalSince1970: 1_800_000_000)

  private static let run: PastRun? = {
    let key = ResourceKey("User", "=alice")
    let header = RunHeader(
      run: "run-1", time: time, verb: "apply", actor: "alice@build", commit: "4f1c2ab6677889900", planHash: "abc",
      endpoints: ["slack"])
    var intent = JournalRecord(
      run: "run-1", time: time, endpoint: "slack", key: key, action: .update, phase: .intent, remoteID: "7")
    intent.detail = JournalRecord.Detail(
      attributes: [AttributeChange(path: "title", before: "Engineer", after: "Chief\u{1B}[31m", cause: .manifest)],
      reason: "because", source: SourceLocation(file: "people.yaml", line: 3))
    var fact = intent
    fact.phase = .fact
    fact.outcome = "failed: no, thank you"
    var counts = RunEnd.Counts()
    counts.failed = 1
    return PastRun([
      .begun(header), .change(intent), .change(fact),
      .ended(RunEnd(run: "run-1", time: time + 1, outcome: .partial, counts: counts)),
    ])
  }()

  @Test func aRunIsALineAndItsChangesAreBelow() throws {
    let run = try #require(Self.run)
    #expect(
      HistoryReport([run], showsChanges: true).text(style: .plain) == """
        run-1  2027-01-15 08:00:00Z  apply  alice@build  4f1c2ab66  1 failed  slack
          Endpoint slack
            ! User =alice  failed: no, thank you  (because)  people.yaml:3
                title  "Engineer" → "Chief\\u001b[31m"

        """)
    #expect(HistoryReport([run], showsChanges: false).text(style: .plain).split(separator: "\n").count == 1)
    #expect(HistoryReport([], showsChanges: false).text(style: .plain) == "No run fits.\n")
  }

  @Test func tablesHoldNoFormulas() throws {
    let run = try #require(Self.run)
    let rows = HistoryReport([run], showsChanges: true).csv.split(separator: "\r\n")
    #expect(rows.count == 2)
    #expect(rows[1].contains(",\"'=alice\","))
    #expect(HistoryReport([run], showsChanges: false).csv.split(separator: "\r\n").count == 2)
  }

  @Test func machinesGetAllOfIt() throws {
    let run = try #require(Self.run)
    let json = try #require(HistoryReport([run], showsChanges: true).json["runs"]?.array?.first)
    #expect(json["actor"] == "alice@build" && json["commit"] == "4f1c2ab6677889900" && json["outcome"] == "partial")
    #expect(json["counts"]?["failed"] == 1)
    let change = try #require(json["changes"]?.array?.first)
    #expect(change["attributes"]?.array?.first?["before"] == "Engineer")
    #expect(change["outcome"] == "failed: no, thank you")
  }

  @Test func tamperingIsToldWithItsPlace() throws {
    var audit = JournalAudit(noted: Array(repeating: 7, count: 32))
    audit.finish(JournalHead(sequence: 2, hash: Array(repeating: 1, count: 32)))
    let report = EvidenceReport(audit, head: JournalHead(sequence: 2, hash: Array(repeating: 1, count: 32)))
    #expect(report.exit.rawValue == 5)
    #expect(report.text.contains("lines 1 to 2: they were removed"))
    #expect(report.text.contains("no line has the hash that was noted"))
    #expect(report.json["intact"] == false && report.json["faults"]?.array?.count == 2)
    let intact = EvidenceReport(JournalAudit(), head: .empty)
    #expect(intact.exit == .success && intact.text.hasPrefix("The journal is intact: 0 lines, head 0:0000"))
  }
}
