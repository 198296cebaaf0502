import JSON
import Reconciliation

/// What the walk through the journal has shown.
package struct EvidenceReport: Sendable {
  private static let formatVersion = 1

  private let audit: JournalAudit
  private let head: JournalHead

  package init(_ audit: JournalAudit, head: JournalHead) {
    self.audit = audit
    self.head = head
  }

  package var exit: ExitStatus { audit.faults.isEmpty ? .success : .stalePlan }

  package var text: String {
    let faults = audit.faults.map { "  ✘ \($0.sentence)\n" }.joined()
    let noted = audit.witness.map { "Up to line \($0) it is what it was when the hash was noted.\n" } ?? ""
    let verdict =
      audit.faults.isEmpty
      ? "The journal is intact: \(audit.count) lines, head \(head.label).\n"
      : "The journal was tampered with: \(audit.count) lines, head \(head.label).\n"
    return verdict + faults + noted
  }

  package var json: JSONValue {
    [
      "formatVersion": .number(JSONNumber(Self.formatVersion)), "lines": .number(JSONNumber(audit.count)),
      "head": head.json, "intact": .bool(audit.faults.isEmpty),
      "witness": audit.witness.map { .number(JSONNumber($0)) } ?? .null,
      "faults": .array(audit.faults.map(\.json)), "exit": .number(JSONNumber(Int(exit.rawValue))),
    ]
  }
}

extension JournalHead {
  /// As it is noted elsewhere.
  package var label: String { "\(sequence):\(hash.hexadecimal)" }

  package var json: JSONValue {
    ["sequence": .number(JSONNumber(sequence)), "hash": .string(hash.hexadecimal)]
  }
}

extension JournalAudit.Fault {
  fileprivate var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "from": .number(JSONNumber(lines.lowerBound)),
      "to": .number(JSONNumber(lines.upperBound)), "message": .string(sentence),
    ]
  }

  fileprivate var sentence: String {
    let place = lines.count == 1 ? "line \(lines.lowerBound)" : "lines \(lines.lowerBound) to \(lines.upperBound)"
    let isOne = lines.count == 1
    return switch kind {
    case .changed: "\(place): \(isOne ? "it was" : "they were") changed"
    case .mislabelled: "\(place): the columns beside \(isOne ? "it" : "them") were changed"
    case .removed: "\(place): \(isOne ? "it was" : "they were") removed"
    case .moved: "\(place): " + (isOne ? "it was written as line " : "they were written as lines ") + origin
    case .unchained: "\(place): it does not follow the line before, which was replaced"
    case .inserted: "\(place): \(isOne ? "it was" : "they were") added behind the end"
    case .head: "the end of the journal: it is not that of the last line, which was replaced"
    case .rewritten: "no line has the hash that was noted: the journal was written anew"
    }
  }

  private var origin: String {
    let (first, last) = (lines.lowerBound - offset, lines.upperBound - offset)
    return first == last ? "\(first)" : "\(first) to \(last)"
  }
}
