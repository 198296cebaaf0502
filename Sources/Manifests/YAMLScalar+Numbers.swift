import JSON

extension YAMLScalar {
  /// A whole number: decimal digits with or without a sign (`007` is 7), `0o` and octal digits, `0x` and hexadecimal
  /// ones. Decimal digits are kept however many there are; the others must fit 64 bits.
  package static func integer(_ text: String) -> JSONNumber? {
    if let number = prefixed(text) { return number }
    var digits = DigitScanner(text)
    let sign = digits.sign()
    let whole = digits.run()
    guard !whole.isEmpty, digits.isAtEnd else { return nil }
    return JSONNumber(validLiteral: sign + trimmed(whole))
  }

  /// A finite number, written as JSON has it: no `+` before it, no leading zeros, a digit on both sides of the point.
  package static func decimal(_ text: String) -> JSONNumber? {
    if let number = prefixed(text) { return number }
    var digits = DigitScanner(text)
    let sign = digits.sign()
    let whole = digits.run()
    let fraction = digits.skip(".") ? digits.run() : ""
    guard !whole.isEmpty || !fraction.isEmpty, let exponent = digits.exponent(), digits.isAtEnd else { return nil }
    return JSONNumber(validLiteral: sign + trimmed(whole) + (fraction.isEmpty ? "" : "." + fraction) + exponent)
  }

  private static func prefixed(_ text: String) -> JSONNumber? {
    let radix = text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : 10
    let digits = text.dropFirst(2)
    // The standard library would let a sign pass here.
    guard radix != 10, digits.first?.isHexDigit == true else { return nil }
    return UInt64(digits, radix: radix).map { JSONNumber(validLiteral: String($0)) }
  }

  private static func trimmed(_ digits: Substring) -> String {
    let significant = digits.drop { $0 == "0" }
    return significant.isEmpty ? "0" : String(significant)
  }

  /// Whether the text is an RFC 3339 date-time with an upper-case `T` and `Z`, as XML Schema has it too
  /// (RFC 7643 section 2.3.5).
  package static func isDateTime(_ text: String) -> Bool {
    var digits = DigitScanner(text)
    guard let year = digits.number(4, in: 0...9999), digits.skip("-"), let month = digits.number(2, in: 1...12),
      digits.skip("-"), digits.number(2, in: 1...days(in: month, of: year)) != nil,
      digits.skip("T"), digits.isTimeOfDay(), digits.skip(":"), digits.number(2, in: 0...59) != nil
    else { return false }
    if digits.skip("."), digits.run().isEmpty { return false }
    let hasOffset = digits.skip("Z") || (!digits.sign(plus: "+").isEmpty && digits.isTimeOfDay())
    return hasOffset && digits.isAtEnd
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Takes a text apart from the left.
private struct DigitScanner {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ text: Substring) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  /// `-`, or what stands for `+`; empty when there is no sign.
  mutating func sign(plus: String = "") -> String {
    if skip("-") { return "-" }
    return skip("+") ? plus : ""
  }

  /// As many ASCII digits as stand here.
  mutating func run() -> Substring {
    let digits = rest.prefix { ("0"..."9").contains($0) && $0.isASCII }
    rest = rest[digits.endIndex...]
    return digits
  }

  /// Exactly so many digits with a value in the range.
  mutating func number(_ count: Int, in range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(digits) else {
      return nil
    }
    rest = rest.dropFirst(count)
    return range.contains(value) ? value : nil
  }

  /// Hours and minutes.
  mutating func isTimeOfDay() -> Bool {
    number(2, in: 0...23) != nil && skip(":") && number(2, in: 0...59) != nil
  }

  /// The exponent with its `e`, empty when there is none, nil when its digits are missing.
  mutating func exponent() -> String? {
    guard skip("e") || skip("E") else { return "" }
    let sign = sign(plus: "+")
    let digits = run()
    return digits.isEmpty ? nil : "e" + sign + digits
  }
}
