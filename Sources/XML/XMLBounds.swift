/// Looks over a document before it is parsed, and refuses what could cost more than its bytes: document types and with
/// them entities, nesting without end, elements and attributes without number. None of it belongs into a SOAP message
/// (SOAP 1.1 section 3, SOAP 1.2 part 1 section 5), which holds neither a document type nor processing instructions.
///
/// Whether the document is well-formed is for the parser to tell.
package struct XMLBounds {
  /// How much of a document is read; the bytes in all are for whoever receives them to count.
  package struct Limits: Hashable, Sendable {
    /// Elements inside one another.
    package var maxDepth: Int
    package var maxElements: Int
    /// The length of a start tag in bytes: the parser compares each attribute with every other of its tag.
    package var maxTagLength: Int

    package init(maxDepth: Int = 32, maxElements: Int = 100_000, maxTagLength: Int = 8192) {
      self.maxDepth = maxDepth
      self.maxElements = maxElements
      self.maxTagLength = maxTagLength
    }
  }

  private let limits: Limits
  private var depth = 0
  private var elements = 0
  private var rest: Substring.UTF8View

  /// - Throws: ``XMLFailure`` that names what is refused.
  static func check(_ text: String, _ limits: Limits = Limits()) throws(XMLFailure) {
    var bounds = XMLBounds(limits: limits, rest: text[...].utf8)
    try bounds.check()
  }

  private init(limits: Limits, rest: Substring.UTF8View) {
    self.limits = limits
    self.rest = rest
  }

  private mutating func check() throws(XMLFailure) {
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[start...]
      if rest.starts(with: "<!--".utf8) {
        try skip("<!--", past: "-->")
      } else if rest.starts(with: "<![CDATA[".utf8) {
        try skip("<![CDATA[", past: "]]>")
      } else if rest.starts(with: "<!".utf8) {
        throw XMLFailure("it has a document type, and with it may come entities")
      } else if rest.starts(with: "<?".utf8) {
        throw XMLFailure("it has a processing instruction")
      } else {
        try passTag()
      }
    }
  }

  private mutating func skip(_ start: String, past end: String) throws(XMLFailure) {
    let end = Array(end.utf8)
    rest = rest.dropFirst(start.utf8.count)
    while let next = rest.firstIndex(of: end[0]) {
      rest = rest[next...]
      if rest.starts(with: end) {
        rest = rest.dropFirst(end.count)
        return
      }
      rest = rest.dropFirst()
    }
    throw XMLFailure("a comment or CDATA section does not end")
  }

  private mutating func passTag() throws(XMLFailure) {
    let isEnd = rest.starts(with: "</".utf8)
    var quote: UInt8?
    var previous: UInt8 = 0
    var length = 0
    for byte in rest {
      length += 1
      guard length <= limits.maxTagLength else {
        throw XMLFailure("a tag is longer than \(limits.maxTagLength) bytes")
      }
      guard byte != UInt8(ascii: "<") || length == 1 else { throw XMLFailure("a tag holds another one") }
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        rest = rest.dropFirst(length)
        return try count(isEnd: isEnd, isEmpty: previous == UInt8(ascii: "/"))
      }
      previous = byte
    }
    throw XMLFailure("a tag does not end")
  }

  private mutating func count(isEnd: Bool, isEmpty: Bool) throws(XMLFailure) {
    if isEnd {
      depth -= 1
      return
    }
    elements += 1
    if !isEmpty { depth += 1 }
    guard depth <= limits.maxDepth else { throw XMLFailure("it is nested deeper than \(limits.maxDepth) elements") }
    guard elements <= limits.maxElements else {
      throw XMLFailure("it has more than \(limits.maxElements) elements")
    }
  }
}
