import Crypto
import Foundation

/// Walks the journal from its first line and says what is not as it was written, and where.
///
/// Whoever can write to the database can also write the whole journal anew, hashes and head included: that is seen only by a
/// head which was noted elsewhere.
package struct JournalAudit: Sendable {
  /// What is wrong with a line, or with neighbours that have the same fault.
  package struct Fault: Hashable, Sendable {
    package enum Kind: String, Sendable {
      /// The document is not what was hashed.
      case changed
      /// What stands beside the document contradicts it.
      case mislabelled
      /// Lines are missing.
      case removed
      /// The line was written with another number: lines before it were inserted or removed, or it was moved.
      case moved
      /// The line does not follow the one before it.
      case unchained
      /// The line is behind the end of the journal.
      case inserted
      /// The head of the journal is not that of its last line.
      case head
      /// No line has the hash that was noted elsewhere.
      case rewritten
    }

    package var kind: Kind
    /// The numbers of the lines.
    package var lines: ClosedRange<Int>
    /// How far lines are from where they were written.
    package var offset = 0
  }

  package private(set) var faults: [Fault] = []
  /// How many lines there are.
  package private(set) var count = 0
  /// The last line.
  package private(set) var last = JournalHead.empty
  /// The line that has the hash which was noted elsewhere.
  package private(set) var witness: Int?
  private let noted: [UInt8]?
  /// Whether the last line stands where it was written, so that the next must follow it.
  private var isInPlace = true

  /// - Parameter noted: the hash of a head that was written down elsewhere.
  package init(noted: [UInt8]? = nil) {
    self.noted = noted
    if noted == JournalHead.empty.hash { witness = 0 }
  }

  /// Looks at the next line.
  package mutating func take(_ row: JournalRow) {
    let entry = row.entry
    let isNext = entry.sequence == last.sequence + 1
    if !isNext { report(.removed, (last.sequence + 1)...(entry.sequence - 1)) }
    let isIntact = Array(SHA256.hash(data: entry.document)) == entry.hash
    if isIntact, let content = try? entry.content() {
      check(content, of: row, isNext: isNext)
    } else {
      report(.changed, entry.sequence...entry.sequence)
    }
    count += 1
    last = entry.head
    if isIntact, entry.hash == noted { witness = entry.sequence }
  }

  /// Says what the end of the journal shows.
  package mutating func finish(_ head: JournalHead) {
    if head.sequence > last.sequence {
      report(.removed, (last.sequence + 1)...head.sequence)
    } else if head.sequence < last.sequence {
      report(.inserted, (head.sequence + 1)...last.sequence)
    } else if head != last {
      report(.head, last.sequence...last.sequence)
    }
    if noted != nil, witness == nil { report(.rewritten, 0...last.sequence) }
  }

  private mutating func check(_ content: JournalEntry.Content, of row: JournalRow, isNext: Bool) {
    let sequence = row.entry.sequence
    defer { isInPlace = content.sequence == sequence }
    if content.sequence != sequence {
      report(.moved, sequence...sequence, offset: sequence - content.sequence)
    } else if isNext, isInPlace, content.previous != last.hash.hexadecimal {
      report(.unchained, sequence...sequence)
    }
    if row.labels != JournalRow.Labels(content.line) { report(.mislabelled, sequence...sequence) }
  }

  /// Neighbours with the same fault are one.
  private mutating func report(_ kind: Fault.Kind, _ lines: ClosedRange<Int>, offset: Int = 0) {
    let neighbour = faults.lastIndex { fault in
      fault.kind == kind && fault.offset == offset && fault.lines.upperBound + 1 == lines.lowerBound
    }
    if let neighbour {
      faults[neighbour].lines = faults[neighbour].lines.lowerBound...lines.upperBound
    } else {
      faults.append(Fault(kind: kind, lines: lines, offset: offset))
    }
  }
}
