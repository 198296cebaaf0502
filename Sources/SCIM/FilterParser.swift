import JSON

/// A recursive-descent parser for filters and for the paths of PATCH (RFC 7644 figures 1 and 7).
///
/// More lenient than the grammar in two places only: any number of spaces may part the words, and `true`, `false` and
/// `null` may be in any case, as some clients write them.
struct FilterParser {
  var scanner: FilterScanner
  private let limits: Filter.Limits
  private var depth = 0
  private var isInsideBrackets = false
  /// How a malformed attribute name is reported: `invalidPath` for a path that stands alone.
  private let nameErrorKind: SCIMError.Kind

  init(_ text: String, limits: Filter.Limits, nameErrorKind: SCIMError.Kind) throws(SCIMError) {
    scanner = FilterScanner(text)
    self.limits = limits
    self.nameErrorKind = nameErrorKind
    guard text.utf8.count <= limits.maxLength else {
      throw scanner.error(nameErrorKind, "longer than \(limits.maxLength) bytes", at: limits.maxLength)
    }
  }

  func expectEnd(_ kind: SCIMError.Kind, insteadOf expected: String) throws(SCIMError) {
    guard scanner.byte == nil else { throw scanner.unexpected(kind, insteadOf: expected) }
  }

  // MARK: Logic

  mutating func parseFilter() throws(SCIMError) -> Filter {
    var filter = try parseConjunction()
    while takeKeyword("or") { filter = .or(filter, try parseConjunction()) }
    scanner.skipSpaces()
    return filter
  }

  private mutating func parseConjunction() throws(SCIMError) -> Filter {
    var filter = try parseTerm()
    while takeKeyword("and") { filter = .and(filter, try parseTerm()) }
    return filter
  }

  private mutating func parseTerm() throws(SCIMError) -> Filter {
    scanner.skipSpaces()
    if scanner.byte == UInt8(ascii: "(") { return try parseGroup() }
    let start = scanner
    if takeKeyword("not") {
      scanner.skipSpaces()
      if scanner.byte == UInt8(ascii: "(") { return .not(try parseGroup()) }
      // An attribute may be called `not`.
      scanner = start
    }
    return try parseExpression()
  }

  private mutating func parseGroup() throws(SCIMError) -> Filter {
    try nested("(", ")") { parser throws(SCIMError) in try parser.parseFilter() }
  }

  /// The filter between two brackets, the first of which is at hand.
  private mutating func nested(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
    _ parse: (inout FilterParser) throws(SCIMError) -> Filter
  ) throws(SCIMError) -> Filter {
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.maxDepth else {
      throw scanner.error(.invalidFilter, "nested deeper than \(limits.maxDepth) levels", at: scanner.position)
    }
    _ = scanner.take(opening)
    let filter = try parse(&self)
    guard scanner.take(closing) else {
      throw scanner.unexpected(.invalidFilter, insteadOf: "\"and\", \"or\" or \"\(closing)\"")
    }
    return filter
  }

  private mutating func takeKeyword(_ keyword: String) -> Bool {
    guard scanner.nextWord() == keyword else { return false }
    scanner.skipSpaces()
    _ = scanner.word()
    return true
  }

  // MARK: Expressions

  private mutating func parseExpression() throws(SCIMError) -> Filter {
    var path = try parsePath()
    if let elements = path.valueFilter, path.subAttribute == nil, !Self.isOperator(scanner.nextWord()) {
      path.valueFilter = nil
      return .valuePath(path, elements)
    }
    scanner.skipSpaces()
    let start = scanner.position
    let word = scanner.nextWord()
    guard Self.isOperator(word) else { throw scanner.unexpected(.invalidFilter, insteadOf: "an operator such as eq") }
    _ = scanner.word()
    guard let comparison = Filter.Comparison(rawValue: word) else { return .present(path) }
    return .compare(path, comparison, try parseOperand(of: comparison, at: start))
  }

  private static func isOperator(_ word: String) -> Bool { word == "pr" || Filter.Comparison(rawValue: word) != nil }

  private mutating func parseOperand(of comparison: Filter.Comparison, at start: Int) throws(SCIMError) -> JSONValue {
    scanner.skipSpaces()
    let operand = try parseValue()
    if let objection = comparison.objection(to: operand) { throw scanner.error(.invalidFilter, objection, at: start) }
    return operand
  }

  private mutating func parseValue() throws(SCIMError) -> JSONValue {
    let start = scanner
    if scanner.byte == UInt8(ascii: "\"") {
      let value: JSONValue
      do {
        value = try JSONValue(parsing: scanner.quoted())
      } catch {
        throw start.error(.invalidFilter, "a malformed string: \(error.message)", at: start.position + error.offset)
      }
      guard !value.hasTooManyMarks else {
        throw start.error(
          .invalidFilter, "more than \(CombiningMarks.limit) combining marks in a row", at: start.position)
      }
      return value
    }
    let word = scanner.word()
    switch word.lowercased() {
    case "true": return true
    case "false": return false
    case "null": return .null
    default:
      guard case .number(let number)? = try? JSONValue(parsing: word) else {
        throw start.unexpected(.invalidFilter, insteadOf: "a string in double quotes, a number, true, false or null")
      }
      return .number(number)
    }
  }

  // MARK: Paths

  /// `[URN:]attribute[filter].sub`
  mutating func parsePath() throws(SCIMError) -> AttributePath {
    let start = scanner
    guard var path = AttributePath(names: scanner.word()) else {
      throw start.unexpected(pathErrorKind, insteadOf: "an attribute")
    }
    guard scanner.byte == UInt8(ascii: "[") else { return path }
    guard !isInsideBrackets, path.subAttribute == nil else {
      throw scanner.error(pathErrorKind, "a value filter is not possible here", at: scanner.position)
    }
    path.valueFilter = try parseValueFilter()
    let behind = scanner
    guard scanner.take(".") else { return path }
    let name = scanner.word()
    guard AttributePath.isName(name) else { throw behind.unexpected(pathErrorKind, insteadOf: "a sub-attribute") }
    path.subAttribute = name
    return path
  }

  private var pathErrorKind: SCIMError.Kind { isInsideBrackets ? .invalidFilter : nameErrorKind }

  private mutating func parseValueFilter() throws(SCIMError) -> Filter {
    isInsideBrackets = true
    defer { isInsideBrackets = false }
    return try nested("[", "]") { parser throws(SCIMError) in try parser.parseFilter() }
  }
}

extension AttributePath {
  /// A path without a value filter from one word; nil when it is malformed.
  fileprivate init?(names word: String) {
    let colon = word.lastIndex(of: ":")
    let names = word[(colon.map(word.index(after:)) ?? word.startIndex)...]
      .split(separator: ".", omittingEmptySubsequences: false)
    guard names.count <= 2, names.allSatisfy(Self.isName) else { return nil }
    let schema = colon.map { String(word[..<$0]) }
    guard schema.map(Self.isURI) ?? true else { return nil }
    self.init(schema: schema, String(names[0]), sub: names.count > 1 ? String(names[1]) : nil)
  }

  /// ATTRNAME of RFC 7643 section 2.1, and `$ref`.
  fileprivate static func isName(_ name: some StringProtocol) -> Bool {
    let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    guard let first = name.utf8.first, isLetter(first) || first == UInt8(ascii: "$") else { return false }
    return name.utf8.allSatisfy { isLetter($0) || "0123456789-_$".utf8.contains($0) }
  }

  /// A scheme and something behind it, all of visible ASCII: enough to tell a schema's URN from a slip of the pen.
  private static func isURI(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { !$0.isEmpty } && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
