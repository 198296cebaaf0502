import JSON

/// A text on its way into a YAML file: plain where every reader takes that for the same text, else a literal block or
/// quoted.
struct YAMLText {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The text as a value; the lines of a literal block are indented by so many columns.
  func scalar(indent: Int) -> String { isBlock ? block(indent: indent) : inline }

  /// The text on one line, as keys need it.
  var inline: String { isPlain ? text : quoted }

  /// The text on one line, also between brackets, where `,` and they themselves mean something.
  var inlineAnywhere: String { isPlain && !text.utf8.contains { ",[]{}".utf8.contains($0) } ? text : quoted }

  /// A number that YAML 1.1 takes for one too: with an exponent it needs a point, and the exponent a sign.
  static func number(_ number: JSONNumber) -> String {
    let literal = number.literal
    guard let mark = literal.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return literal }
    let mantissa = literal[..<mark]
    let exponent = literal[literal.index(after: mark)...]
    let isSigned = exponent.hasPrefix("-") || exponent.hasPrefix("+")
    return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + (isSigned ? "" : "+") + exponent
  }
}

extension YAMLText {
  private var isPlain: Bool {
    guard canBegin, !meansSomethingElse else { return false }
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      let endsKey = previous == ":" && scalar == " "
      let beginsComment = previous == " " && scalar == "#"
      guard isPrintable(scalar), !endsKey, !beginsComment else { return false }
      previous = scalar
    }
    return previous != " " && previous != ":"
  }

  /// Indicators cannot begin a plain scalar; some could in places, but not in all readers.
  private var canBegin: Bool {
    let bytes = text.utf8
    guard let first = bytes.first, !" ?:,[]{}#&*!|>'\"%@`=".utf8.contains(first) else { return false }
    return !["- ", "---", "..."].contains { bytes.starts(with: $0.utf8) }
  }

  /// Some reader would take the unquoted text for a null, a boolean, a number, a date or a merge.
  private var meansSomethingElse: Bool {
    text == "<<" || isKeyword || isNumberLike
  }

  private static let keywords: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"]

  /// The booleans and nulls of YAML 1.1 and 1.2, in any case.
  private var isKeyword: Bool {
    text.utf8.count <= 5 && Self.keywords.contains(text.lowercased())
  }

  /// Whether the text could be a number, a base-60 number or a date of YAML 1.1 or 1.2; where it only looks like one, a
  /// pair of quotes does no harm.
  private var isNumberLike: Bool {
    let bytes = text.utf8
    guard let first = bytes.first, "0123456789+-.".utf8.contains(first) else { return false }
    let unsigned = text.drop { $0 == "+" || $0 == "-" }.lowercased()
    return ["0x", "0b", "0o", ".inf", ".nan"].contains { unsigned.hasPrefix($0) }
      || bytes.allSatisfy { "0123456789_.,:+-eEtTzZ ".utf8.contains($0) }
  }

  /// Characters that stand for themselves in every style (YAML 1.2 section 5.1, without tab and line breaks).
  private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}

extension YAMLText {
  private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Several lines of printable text, with no spaces that one cannot see or that need an indentation indicator.
  private var isBlock: Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, first != " ", first != "\n", scalars.contains("\n") else { return false }
    return scalars.allSatisfy { $0 == "\n" || isPrintable($0) } && !lines.contains { $0.utf8.last == UInt8(ascii: " ") }
  }

  /// The text as a literal block, without the line end after its last line.
  private func block(indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    let endsLine = text.hasSuffix("\n")
    let body = endsLine ? lines.dropLast() : lines[...]
    let chomping = !endsLine ? "-" : body.last?.isEmpty == true ? "+" : ""
    return body.reduce(into: "|" + chomping) { result, line in
      result += line.isEmpty ? "\n" : "\n" + margin + line
    }
  }

  /// In double quotes.
  var quoted: String {
    text.unicodeScalars.reduce(into: "\"") { result, scalar in
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default: result += escape(scalar)
      }
    } + "\""
  }

  /// `\uXXXX`: all that is not printable lies below U+10000.
  private func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
