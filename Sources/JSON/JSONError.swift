/// Why a text is not the JSON that we accept, and where.
package struct JSONError: Error, Hashable, Sendable {
  /// What was expected or exceeded, in one sentence without a position.
  package let message: String
  /// Bytes before the fault.
  package let offset: Int
  /// The line of the fault, from 1.
  package let line: Int
  /// The column of the fault in Unicode scalars, from 1.
  package let column: Int

  /// Counts lines and columns up to the offset; errors are rare, so the parser keeps no count of its own.
  init(_ message: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    self.message = message
    self.offset = offset
    self.line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    self.column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(message)" }
}
