import JSON

extension StringProtocol {
  /// The text with its percent escapes decoded (RFC 3986 section 2.1); nil when an escape is broken or the result is not UTF-8.
  /// - Parameter plusIsSpace: as in a query string written by a form (`application/x-www-form-urlencoded`).
  func percentDecoded(plusIsSpace: Bool = false) -> String? {
    let isEscape = { (byte: UInt8) in byte == UInt8(ascii: "%") || (plusIsSpace && byte == UInt8(ascii: "+")) }
    let text = Array(utf8)
    guard text.contains(where: isEscape) else { return String(self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension StringProtocol {
  /// The fields of a query string or of a form (`application/x-www-form-urlencoded`), in their order; nil when an escape is
  /// broken, or a text would cost a lot to compare.
  var formFields: [(name: String, value: String)]? {
    var fields: [(name: String, value: String)] = []
    // By bytes: a form may hold what costs a lot to see as characters.
    for pair in Substring(self).utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Substring(parts[0]).percentDecoded(plusIsSpace: true),
        let value = parts.count == 1 ? "" : Substring(parts[1]).percentDecoded(plusIsSpace: true),
        !name.hasTooManyMarks, !value.hasTooManyMarks
      else { return nil }
      fields.append((name, value))
    }
    return fields
  }
}

extension UInt8 {
  fileprivate var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
