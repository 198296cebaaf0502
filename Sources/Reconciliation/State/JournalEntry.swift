import Crypto
import Foundation
import JSON

/// The end of the journal: how many lines it has, and the hash of the last. Whoever has noted it elsewhere can tell that
/// nothing before it was changed since.
package struct JournalHead: Hashable, Sendable {
  package var sequence: Int
  /// 32 bytes; zeros before the first line.
  package var hash: [UInt8]

  package init(sequence: Int, hash: [UInt8]) {
    self.sequence = sequence
    self.hash = hash
  }

  /// Of a journal that holds nothing.
  package static let empty = JournalHead(sequence: 0, hash: Array(repeating: 0, count: 32))

  /// The line that follows.
  package func next(_ line: JournalLine) -> JournalEntry {
    let chain: [(String, (any PlanRepresentable)?)] = [("sequence", sequence + 1), ("previous", hash.hexadecimal)]
    let document = JSONObject(plan: chain + line.members).canonical()
    return JournalEntry(sequence: sequence + 1, document: document, hash: Array(SHA256.hash(data: document)))
  }
}

/// A line of the journal as it is kept: canonical JSON (RFC 8785) that names the hash of the line before, and the SHA-256 of
/// these bytes.
package struct JournalEntry: Hashable, Sendable {
  /// Counts from 1, without gaps.
  package var sequence: Int
  package var document: [UInt8]
  package var hash: [UInt8]

  package init(sequence: Int, document: [UInt8], hash: [UInt8]) {
    self.sequence = sequence
    self.document = document
    self.hash = hash
  }

  package var head: JournalHead { JournalHead(sequence: sequence, hash: hash) }

  /// What the document says.
  /// - Throws: ``PlanFormatError`` for a document that is none of ours.
  package func content() throws(PlanFormatError) -> Content {
    guard let json = try? JSONValue(parsing: document) else {
      throw PlanFormatError(description: "a line of the journal is not JSON")
    }
    let fields = try PlanFields(json, of: "a line of the journal")
    return Content(
      sequence: try fields("sequence"), previous: try fields("previous"), line: try JournalLine(fields))
  }

  package struct Content: Hashable, Sendable {
    package var sequence: Int
    /// The hash of the line before, in hexadecimal.
    package var previous: String
    package var line: JournalLine
  }
}

extension Sequence<UInt8> {
  /// Two lower-case digits a byte.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
