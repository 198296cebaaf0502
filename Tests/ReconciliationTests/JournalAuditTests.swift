import Foundation
import JSON
import Testing

@testable import Reconciliation

/// Whatever is done to a journal is found, and found where it was done.
struct JournalAuditTests {
  typealias Fault = JournalAudit.Fault

  private static let rows: [JournalRow] = {
    var head = JournalHead.empty
    return (1...10).map { number in
      let line = JournalLine.change(
        JournalRecord(
          run: "run", time: Date(milliseconds: 1_800_000_000_000 + number), endpoint: "slack",
          key: ResourceKey("User", "user\(number)"), action: .create, phase: number % 2 == 1 ? .intent : .fact,
          outcome: number % 2 == 1 ? "" : "applied"))
      let entry = head.next(line)
      head = entry.head
      return JournalRow(entry: entry, labels: JournalRow.Labels(line))
    }
  }()

  private static let head = rows[9].entry.head

  private func audit(
    _ rows: [JournalRow], head: JournalHead = head, noted: [UInt8]? = nil
  ) -> JournalAudit {
    var audit = JournalAudit(noted: noted)
    for row in rows { audit.take(row) }
    audit.finish(head)
    return audit
  }

  private func faults(_ rows: [JournalRow], head: JournalHead = head, noted: [UInt8]? = nil) -> [Fault] {
    audit(rows, head: head, noted: noted).faults
  }

  /// The rows numbered anew, as somebody would who inserted or removed one.
  private func numbered(_ rows: [JournalRow]) -> [JournalRow] {
    rows.enumerated().map { index, row in
      var row = row
      row.entry.sequence = index + 1
      return row
    }
  }

  @Test func anIntactJournalHasNoFaults() {
    #expect(faults(Self.rows) == [])
    #expect(faults([], head: .empty) == [])
    let whole = audit(Self.rows, noted: Self.rows[6].entry.hash)
    #expect(whole.faults == [] && whole.witness == 7 && whole.count == 10)
  }

  @Test func aChangedLineIsFound() {
    var rows = Self.rows
    let at = rows[3].entry.document.firstIndex(of: UInt8(ascii: "4")) ?? 0
    rows[3].entry.document[at] = UInt8(ascii: "5")
    #expect(faults(rows) == [Fault(kind: .changed, lines: 4...4)])
  }

  @Test func aLineWithItsHashReplacedIsFoundAtTheNext() {
    var rows = Self.rows
    var record = try? rows[3].entry.content().line.record
    record?.outcome = "failed"
    rows[3].entry = rows[2].entry.head.next(
      .change(
        record
          ?? .init(
            run: "", time: .now, endpoint: "", key: ResourceKey("", ""), action: .create, phase: .fact)))
    #expect(faults(rows) == [Fault(kind: .unchained, lines: 5...5)])
    rows = Self.rows
    rows[9].entry = rows[8].entry.head.next(
      .change(
        record
          ?? .init(
            run: "", time: .now, endpoint: "", key: ResourceKey("", ""), action: .create, phase: .fact)))
    rows[9].labels.name = "user4"
    rows[9].labels.time = 1_800_000_000_004
    #expect(faults(rows) == [Fault(kind: .head, lines: 10...10)])
  }

  @Test func changedColumnsAreFound() {
    var rows = Self.rows
    rows[3].labels.name = "somebody"
    rows[4].labels.time += 1
    #expect(faults(rows) == [Fault(kind: .mislabelled, lines: 4...5)])
  }

  @Test func removedLinesAreFound() {
    var rows = Self.rows
    rows.removeSubrange(3...5)
    #expect(faults(rows) == [Fault(kind: .removed, lines: 4...6)])
    #expect(faults(Array(Self.rows.dropFirst())) == [Fault(kind: .removed, lines: 1...1)])
    #expect(faults(Array(Self.rows.dropLast(2))) == [Fault(kind: .removed, lines: 9...10)])
    #expect(faults([]) == [Fault(kind: .removed, lines: 1...10)])
  }

  @Test func whoeverNumbersAnewIsFound() {
    var rows = Self.rows
    rows.remove(at: 3)
    #expect(
      faults(numbered(rows)) == [
        Fault(kind: .moved, lines: 4...9, offset: -1), Fault(kind: .removed, lines: 10...10),
      ])
    rows = Self.rows
    rows.insert(rows[0], at: 4)
    #expect(
      faults(numbered(rows)) == [
        Fault(kind: .moved, lines: 5...5, offset: 4), Fault(kind: .moved, lines: 6...11, offset: 1),
        Fault(kind: .inserted, lines: 11...11),
      ])
    rows = Self.rows
    rows.swapAt(3, 4)
    #expect(
      faults(numbered(rows)) == [
        Fault(kind: .moved, lines: 4...4, offset: -1), Fault(kind: .moved, lines: 5...5, offset: 1),
      ])
  }

  @Test func whatIsBehindTheEndIsFound() {
    #expect(faults(Self.rows, head: Self.rows[7].entry.head) == [Fault(kind: .inserted, lines: 9...10)])
  }

  /// The one who writes everything anew is found by what was noted elsewhere, and by nothing else.
  @Test func aJournalWrittenAnewIsFoundByTheNotedHash() throws {
    let noted = Self.rows[7].entry.hash
    var head = JournalHead.empty
    let forged = try Self.rows.map { row in
      var line = try row.entry.content().line
      if row.entry.sequence == 2, var record = line.record {
        record.outcome = "failed"
        line = .change(record)
      }
      let entry = head.next(line)
      head = entry.head
      return JournalRow(entry: entry, labels: JournalRow.Labels(line))
    }
    #expect(faults(forged, head: head) == [])
    #expect(faults(forged, head: head, noted: noted) == [Fault(kind: .rewritten, lines: 0...10)])
  }

  @Test(arguments: ["", "[]", "{}", #"{"sequence":1,"previous":"","type":"other","run":"a","time":0}"#])
  func whatIsNoLineIsSaidToBeChanged(_ text: String) {
    let row = JournalRow(
      entry: JournalEntry(sequence: 1, document: Array(text.utf8), hash: [1]),
      labels: JournalRow.Labels(type: "fact", run: "a", time: 0))
    #expect(faults([row], head: row.entry.head) == [Fault(kind: .changed, lines: 1...1)])
  }
}
