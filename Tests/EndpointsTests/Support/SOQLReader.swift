import JSON

/// Reads the queries that the driver sends, by the grammar of the SOQL reference and not by the driver's own code.
struct SOQLReader {
  struct Query: Equatable {
    var fields: [String]
    var object: String
    var conditions: [Condition]
  }

  struct Condition: Equatable {
    var field: String
    var value: JSONValue
  }

  struct Fault: Error {
    let text: String
  }

  private enum Token: Equatable {
    case word(String)
    case literal(String)
    case sign(Character)
  }

  private var tokens: ArraySlice<Token>

  static func read(_ text: String) throws -> Query {
    var reader = SOQLReader(tokens: try tokens(of: text)[...])
    return try reader.query()
  }

  private mutating func query() throws -> Query {
    try expect("SELECT")
    var fields = [try word()]
    while take(.sign(",")) { fields.append(try word()) }
    try expect("FROM")
    var query = Query(fields: fields, object: try word(), conditions: [])
    if !tokens.isEmpty {
      try expect("WHERE")
      repeat { query.conditions.append(try condition()) } while take(keyword: "AND")
    }
    guard tokens.isEmpty else { throw Fault(text: "unexpected \(tokens.first as Any)") }
    return query
  }

  private mutating func condition() throws -> Condition {
    let field = try word()
    guard take(.sign("=")) else { throw Fault(text: "expected =") }
    switch tokens.popFirst() {
    case .literal(let text): return Condition(field: field, value: .string(text))
    case .word(let word): return Condition(field: field, value: .bool(word.lowercased() == "true"))
    default: throw Fault(text: "expected a value")
    }
  }

  // MARK: Tokens

  private mutating func word() throws -> String {
    guard case .word(let word)? = tokens.popFirst() else { throw Fault(text: "expected a name") }
    return word
  }

  private mutating func expect(_ keyword: String) throws {
    guard take(keyword: keyword) else { throw Fault(text: "expected \(keyword)") }
  }

  private mutating func take(keyword: String) -> Bool {
    guard case .word(let word)? = tokens.first, word.uppercased() == keyword else { return false }
    tokens.removeFirst()
    return true
  }

  private mutating func take(_ token: Token) -> Bool {
    guard tokens.first == token else { return false }
    tokens.removeFirst()
    return true
  }

  private static func tokens(of text: String) throws -> [Token] {
    var tokens: [Token] = []
    var rest = Array(text.unicodeScalars)[...]
    while let next = rest.first {
      switch next {
      case " ": rest.removeFirst()
      case "'": tokens.append(.literal(try literal(&rest)))
      case ",", "=", "(", ")":
        tokens.append(.sign(Character(next)))
        rest.removeFirst()
      default:
        let word = rest.prefix { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "." }
        guard !word.isEmpty else { throw Fault(text: "unexpected \(next)") }
        tokens.append(.word(String(String.UnicodeScalarView(word))))
        rest = rest.dropFirst(word.count)
      }
    }
    return tokens
  }

  private static func literal(_ rest: inout ArraySlice<Unicode.Scalar>) throws -> String {
    var text = String.UnicodeScalarView()
    rest.removeFirst()
    while let next = rest.popFirst() {
      switch next {
      case "'": return String(text)
      case "\n", "\r": throw Fault(text: "a line ends within a literal")
      case "\\": text.append(try escaped(&rest))
      default: text.append(next)
      }
    }
    throw Fault(text: "a literal does not end")
  }

  private static func escaped(_ rest: inout ArraySlice<Unicode.Scalar>) throws -> Unicode.Scalar {
    switch rest.popFirst() {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case let sign? where "'\"\\".unicodeScalars.contains(sign): return sign
    case "u":
      let digits = String(String.UnicodeScalarView(rest.prefix(4)))
      guard digits.unicodeScalars.count == 4, let value = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(value)
      else { throw Fault(text: "not a character: \(digits)") }
      rest = rest.dropFirst(4)
      return scalar
    default: throw Fault(text: "an escape that there is not")
    }
  }
}
