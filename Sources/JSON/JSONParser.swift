/// A strict parser for one JSON text (RFC 8259): no comments, no byte order mark, no repeated member names,
/// valid UTF-8 and paired surrogates only.
package struct JSONParser {
  /// What a text may cost before it is refused.
  package struct Limits: Hashable, Sendable {
    /// The length of the text in bytes.
    package var maxBytes: Int
    /// Arrays and objects inside one another; the parser recurses this deep.
    package var maxDepth: Int
    /// Values of every kind, the outermost included.
    package var maxValues: Int

    package init(maxBytes: Int = 64 << 20, maxDepth: Int = 64, maxValues: Int = 4_000_000) {
      self.maxBytes = maxBytes
      self.maxDepth = maxDepth
      self.maxValues = maxValues
    }

    /// 64 MiB, 64 levels, four million values.
    package static let standard = Limits()
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  private let limits: Limits
  private var depth = 0
  private var values = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// The one value that the text holds.
  mutating func parseDocument() throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.maxBytes else {
      throw error("the text is longer than \(limits.maxBytes) bytes", at: limits.maxBytes)
    }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw error("a byte order mark is not allowed", at: 0) }
    skipWhitespace()
    let value = try parseValue()
    skipWhitespace()
    guard position == bytes.count else { throw unexpected(insteadOf: "the end of the text") }
    return value
  }

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    values += 1
    guard values <= limits.maxValues else {
      throw error("there are more than \(limits.maxValues) values", at: position)
    }
    switch byte {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"): return .object(try parseObject())
    case UInt8(ascii: "["): return .array(try parseArray())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
    default: throw unexpected(insteadOf: "a value")
    }
  }

  private mutating func parseObject() throws(JSONError) -> JSONObject {
    try openNesting()
    defer { depth -= 1 }
    guard !take(UInt8(ascii: "}")) else { return JSONObject() }
    var members: [JSONObject.Member] = []
    members.reserveCapacity(4)
    var names = MemberNames()
    repeat {
      skipWhitespace()
      let start = position
      guard byte == UInt8(ascii: "\"") else { throw unexpected(insteadOf: "a member name in double quotes") }
      let key = try parseString()
      guard !key.hasTooManyMarks else {
        throw error("a member name has more than \(CombiningMarks.limit) combining marks in a row", at: start)
      }
      guard names.insert(key, after: members) else { throw error("the member \"\(key)\" stands twice", at: start) }
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw unexpected(insteadOf: "a colon") }
      skipWhitespace()
      members.append(JSONObject.Member(key: key, value: try parseValue()))
    } while try hasNext(before: UInt8(ascii: "}"))
    return JSONObject(uniqueMembers: members)
  }

  private mutating func parseArray() throws(JSONError) -> [JSONValue] {
    try openNesting()
    defer { depth -= 1 }
    guard !take(UInt8(ascii: "]")) else { return [] }
    var elements: [JSONValue] = []
    repeat {
      skipWhitespace()
      elements.append(try parseValue())
    } while try hasNext(before: UInt8(ascii: "]"))
    return elements
  }

  /// Steps over the opening bracket or brace and the white space behind it.
  private mutating func openNesting() throws(JSONError) {
    depth += 1
    guard depth <= limits.maxDepth else {
      throw error("values are nested deeper than \(limits.maxDepth) levels", at: position)
    }
    position += 1
    skipWhitespace()
  }

  /// Steps over a comma (true) or the closing bracket or brace (false).
  private mutating func hasNext(before closing: UInt8) throws(JSONError) -> Bool {
    skipWhitespace()
    if take(UInt8(ascii: ",")) { return true }
    if take(closing) { return false }
    throw unexpected(insteadOf: "a comma or \"\(Character(Unicode.Scalar(closing)))\"")
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let spelled = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position...].starts(with: spelled) else { throw unexpected(insteadOf: "a value") }
    position += spelled.count
    return value
  }
}

// MARK: - Bytes and errors

extension JSONParser {
  /// The byte at hand; zero, which no JSON text may hold outside a string, at the end.
  var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

  /// Steps over this byte if it is the one at hand.
  mutating func take(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while true {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
      default: return
      }
    }
  }

  func error(_ message: String, at offset: Int) -> JSONError { JSONError(message, at: offset, in: bytes) }

  func unexpected(insteadOf expected: String) -> JSONError {
    guard position < bytes.count else { return error("expected \(expected), found the end of the text", at: position) }
    let isPrintable = (0x21...0x7E).contains(byte)
    let found = isPrintable ? "\"\(Character(Unicode.Scalar(byte)))\"" : "the byte 0x\(String(byte, radix: 16))"
    return error("expected \(expected), found \(found)", at: position)
  }
}
