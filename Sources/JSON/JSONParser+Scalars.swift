extension JSONParser {
  /// A number by RFC 8259 section 6; its literal is kept as written.
  mutating func parseNumber() throws(JSONError) -> JSONNumber {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try skipDigits() }
    if take(UInt8(ascii: ".")) { try skipDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try skipDigits()
    }
    return JSONNumber(validLiteral: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw unexpected(insteadOf: "a digit") }
  }

  /// A string by RFC 8259 section 7, from its opening quote. Nearly all hold no escape and become a `String` in one go.
  mutating func parseString() throws(JSONError) -> String {
    let start = position + 1
    position = PlainRun.end(in: bytes, from: start)
    let run = try text(in: start..<position)
    return take(UInt8(ascii: "\"")) ? run : try parseEscapes(after: run)
  }

  private mutating func parseEscapes(after beginning: String) throws(JSONError) -> String {
    var result = beginning
    while !take(UInt8(ascii: "\"")) {
      guard byte == UInt8(ascii: "\\") else { throw unexpected(insteadOf: "the end of the string") }
      result.unicodeScalars.append(try parseEscape())
      let start = position
      position = PlainRun.end(in: bytes, from: start)
      result += try text(in: start..<position)
    }
    return result
  }

  private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
    position += 1
    let escape = byte
    guard escape != UInt8(ascii: "u") else { return try parseUnicodeEscape() }
    guard let scalar = Self.shortEscapes[escape] else { throw unexpected(insteadOf: "an escape") }
    position += 1
    return scalar
  }

  private static let shortEscapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
  ]

  /// `\u` and four digits, or two of them that make a surrogate pair.
  private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let start = position - 1
    let first = try parseHexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), byte == UInt8(ascii: "u") else {
      throw error("a surrogate without its pair", at: start)
    }
    let second = try parseHexadecimal()
    guard UTF16.isTrailSurrogate(second) else { throw error("a surrogate without its pair", at: start) }
    return UTF16.decode(UTF16.EncodedScalar([first, second]))
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt16 {
    position += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected(insteadOf: "a hexadecimal digit")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

// MARK: - Runs of plain characters

extension JSONParser {
  private func text(in range: Range<Int>) throws(JSONError) -> String {
    let run = UnsafeBufferPointer(rebasing: bytes[range])
    // ASCII is always valid, and is not looked at a second time.
    if PlainRun.isASCII(run) { return String(decoding: run, as: UTF8.self) }
    if let text = String(validating: run, as: UTF8.self) { return text }
    throw error("the text is not valid UTF-8", at: range.lowerBound + Self.validPrefix(of: run))
  }

  /// How many bytes come before the first that is not valid UTF-8.
  private static func validPrefix(of run: UnsafeBufferPointer<UInt8>) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = run.makeIterator()
    var length = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { length += scalar.count }
    return length
  }
}
