/// The members of an object in JSON text, with the text of each value: for what is only passed on, and needs no tree.
///
/// Takes what this program has written: compact, with names that need no escape. The values are not looked into, except that
/// they must end where they should.
package struct ShallowObject: Sendable {
  package struct Member: Sendable {
    package let key: String
    /// Where the value stands in the text.
    package let value: Range<Int>
  }

  package let text: [UInt8]
  package let members: [Member]
  /// Whether a string in it begins with `$`, as the name of a reference does (RFC 7643 section 2.3.7).
  package let mayHoldReferences: Bool

  /// nil for what is no such text.
  package init?(_ text: [UInt8]) {
    var scanner = ShallowScanner()
    guard let members = text.withUnsafeBufferPointer({ scanner.members(in: $0) }) else { return nil }
    self.text = text
    self.members = members
    mayHoldReferences = scanner.sawDollar
  }

  /// The text of the value of a member.
  package subscript(member: Member) -> ArraySlice<UInt8> { text[member.value] }
}

/// Finds the members of an object.
private struct ShallowScanner {
  private var position = 0
  private(set) var sawDollar = false

  mutating func members(in text: UnsafeBufferPointer<UInt8>) -> [ShallowObject.Member]? {
    guard take(UInt8(ascii: "{"), in: text) else { return nil }
    var members: [ShallowObject.Member] = []
    members.reserveCapacity(16)
    if !take(UInt8(ascii: "}"), in: text) {
      repeat {
        guard let member = member(in: text) else { return nil }
        members.append(member)
      } while take(UInt8(ascii: ","), in: text)
      guard take(UInt8(ascii: "}"), in: text) else { return nil }
    }
    return position == text.count ? members : nil
  }

  private mutating func member(in text: UnsafeBufferPointer<UInt8>) -> ShallowObject.Member? {
    let start = position + 1
    guard skipString(in: text) else { return nil }
    let name = text[start..<position - 1]
    guard !name.contains(UInt8(ascii: "\\")), take(UInt8(ascii: ":"), in: text) else { return nil }
    let value = position
    guard skipValue(in: text) else { return nil }
    return .init(key: String(decoding: name, as: UTF8.self), value: value..<position)
  }

  /// Steps to the comma or the brace behind a value.
  private mutating func skipValue(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = position
    var depth = 0
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""): guard skipString(in: text) else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}") where depth == 0, UInt8(ascii: ",") where depth == 0: return position > start
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      default: position += 1
      }
    }
    return false
  }

  /// Steps over the string that begins here.
  private mutating func skipString(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard take(UInt8(ascii: "\""), in: text) else { return false }
    if position < text.count, text[position] == UInt8(ascii: "$") { sawDollar = true }
    while true {
      position = PlainRun.end(in: text, from: position)
      if take(UInt8(ascii: "\""), in: text) { return true }
      guard position + 1 < text.count, text[position] == UInt8(ascii: "\\") else { return false }
      position += 2
    }
  }

  private mutating func take(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }
}
