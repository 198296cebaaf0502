extension String {
  /// The text with everything that could steer a terminal, or turn what a reader sees around, written as JSON escapes:
  /// control characters (C0, DEL, C1), line and paragraph separators, and invisible format characters such as the
  /// bidirectional overrides. The joiners stay, because scripts and emoji need them.
  ///
  /// Inside JSON text the result means the same, provided that its line ends are kept.
  package func escapingControls(keepingLineEnds: Bool = false) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool { scalar.isControl && !(keepingLineEnds && scalar == "\n") }
    guard unicodeScalars.contains(where: isHarmful) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if isHarmful(scalar) { text += scalar.jsonEscape } else { text.unicodeScalars.append(scalar) }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    if value == 0x200C || value == 0x200D { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// RFC 8259 section 7.
  fileprivate var jsonEscape: String {
    switch self {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
      utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }
}
