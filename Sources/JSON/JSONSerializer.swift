/// Writes JSON as UTF-8.
struct JSONSerializer {
  enum Layout {
    /// No white space, members in order, numbers as they were written.
    case compact
    /// Two spaces a level.
    case pretty
    /// RFC 8785: compact, names sorted by their UTF-16 code units, numbers normalised.
    case canonical
  }

  private(set) var bytes: [UInt8] = []
  private let layout: Layout
  private var depth = 0

  init(_ layout: Layout) { self.layout = layout }

  mutating func append(_ value: JSONValue) {
    switch value {
    case .null: appendWord("null")
    case .bool(let value): appendWord(value ? "true" : "false")
    case .number(let number): appendPlain(layout == .canonical ? number.canonicalLiteral : number.literal)
    case .string(let text): appendQuoted(text)
    case .array(let elements): appendList(elements, UInt8(ascii: "["), UInt8(ascii: "]")) { $0.append($1) }
    case .object(let object): append(object)
    }
  }

  /// Appends what is JSON already.
  mutating func appendEncoded(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }

  mutating func appendEncoded(_ byte: UInt8) { bytes.append(byte) }

  mutating func reserve(_ capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ object: JSONObject) {
    let members = layout == .canonical ? object.members.sorted(by: Self.precedes) : object.members
    appendList(members, UInt8(ascii: "{"), UInt8(ascii: "}")) { serializer, member in
      serializer.appendQuoted(member.key)
      serializer.bytes.append(UInt8(ascii: ":"))
      if serializer.layout == .pretty { serializer.bytes.append(UInt8(ascii: " ")) }
      serializer.append(member.value)
    }
  }

  /// The order of UTF-16 code units (RFC 8785 section 3.2.3). That of UTF-8 is the same, but for what begins with `0xEE` or
  /// more: characters beyond U+FFFF are surrogates in UTF-16, which stand before the last of the others.
  private static func precedes(_ a: JSONObject.Member, _ b: JSONObject.Member) -> Bool {
    guard let (one, other) = zip(a.key.utf8, b.key.utf8).first(where: !=) else {
      return a.key.utf8.count < b.key.utf8.count
    }
    return max(one, other) < 0xEE ? one < other : a.key.utf16.lexicographicallyPrecedes(b.key.utf16)
  }

  mutating func appendList<Item>(
    _ items: [Item], _ opening: UInt8, _ closing: UInt8, append: (inout JSONSerializer, Item) -> Void
  ) {
    bytes.append(opening)
    depth += 1
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine()
      append(&self, item)
    }
    depth -= 1
    if !items.isEmpty { breakLine() }
    bytes.append(closing)
  }

  private mutating func breakLine() {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func appendWord(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func appendPlain(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A string by RFC 8785 section 3.2.2.2: only what must be escaped is, in the shortest form.
  mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    let end = bytes.withUnsafeBufferPointer { PlainRun.end(in: $0, from: start) }
    if end < bytes.count { escape(from: end) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes what stands from here on anew, with its escapes: few texts need any.
  private mutating func escape(from start: Int) {
    let text = Array(bytes[start...])
    bytes.removeSubrange(start...)
    text.withUnsafeBufferPointer { text in
      var start = 0
      while start < text.count {
        let end = PlainRun.end(in: text, from: start)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
        if end < text.count { appendEscaped(text[end]) }
        start = end + 1
      }
    }
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): appendWord("\\\"")
    case UInt8(ascii: "\\"): appendWord("\\\\")
    case 0x08: appendWord("\\b")
    case 0x09: appendWord("\\t")
    case 0x0A: appendWord("\\n")
    case 0x0C: appendWord("\\f")
    case 0x0D: appendWord("\\r")
    default: appendPlain("\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
    }
  }
}

extension JSONValue {
  /// Compact UTF-8: members in their order, numbers as they were written.
  package func serialized() -> [UInt8] { written(.compact) }

  /// `serialized()` as a string.
  package var text: String { String(decoding: written(.compact), as: UTF8.self) }

  /// Laid out for people: two spaces a level, members in their order, no newline at the end.
  package func pretty() -> String { String(decoding: written(.pretty), as: UTF8.self) }

  /// The same bytes for equal values (RFC 8785), to be hashed or signed.
  ///
  /// Unlike RFC 8785, whole numbers of 64 bits keep all their digits, so that different identifiers stay different.
  package func canonical() -> [UInt8] { written(.canonical) }

  private func written(_ layout: JSONSerializer.Layout) -> [UInt8] {
    var serializer = JSONSerializer(layout)
    serializer.append(self)
    return serializer.bytes
  }
}

extension JSONObject {
  /// Compact UTF-8: members in their order, numbers as they were written.
  package func serialized() -> [UInt8] { JSONValue.object(self).serialized() }

  /// `serialized()` as a string.
  package var text: String { JSONValue.object(self).text }

  /// Laid out for people: two spaces a level, members in their order, no newline at the end.
  package func pretty() -> String { JSONValue.object(self).pretty() }

  /// The same bytes for equal objects; see `JSONValue.canonical()`.
  package func canonical() -> [UInt8] { JSONValue.object(self).canonical() }
}
