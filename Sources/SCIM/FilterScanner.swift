/// Steps through the text of a filter or a path, word by word (RFC 7644 figure 1).
struct FilterScanner {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The byte at hand; nil at the end.
  var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpaces() {
    while byte == UInt8(ascii: " ") { position += 1 }
  }

  /// Steps over this character if it is the one at hand.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Steps over the word at hand, which ends before a space, a quote, a bracket or the end of the text.
  mutating func word() -> String {
    let start = position
    while let byte, !Self.delimiters.contains(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static let delimiters = Array(" \"()[]".utf8)

  /// The word behind any spaces, in lower case, without stepping over it.
  func nextWord() -> String {
    var ahead = self
    ahead.skipSpaces()
    return ahead.word().lowercased()
  }

  /// Steps over the JSON string that begins here, quotes included; what stands inside is left to the JSON parser.
  mutating func quoted() -> ArraySlice<UInt8> {
    let start = position
    position += 1
    while let byte, byte != UInt8(ascii: "\"") {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
    return bytes[start..<position]
  }

  /// An error with status 400 that names the column, counted in Unicode scalars from 1.
  func error(_ kind: SCIMError.Kind, _ message: String, at offset: Int) -> SCIMError {
    let column = 1 + bytes.prefix(offset).count { $0 & 0xC0 != 0x80 }
    return SCIMError(status: 400, kind, "column \(column): \(message)")
  }

  /// Says what was expected at the position, and what stands there.
  func unexpected(_ kind: SCIMError.Kind, insteadOf expected: String) -> SCIMError {
    var ahead = self
    var found = ahead.word()
    if found.isEmpty, let byte { found = String(Character(Unicode.Scalar(byte))) }
    let what = found.isEmpty ? "the end" : "\"\(found)\""
    return error(kind, "expected \(expected), found \(what)", at: position)
  }
}
