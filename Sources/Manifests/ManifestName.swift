/// The rules of `metadata.name`: the characters of DNS names (RFC 1123), so that a name can go anywhere.
enum ManifestName {
  static let maximumLength = 253

  static func isValid(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= maximumLength else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy { isAlphanumeric($0) || isSeparator($0) }
  }

  /// The name nearest to some text, such as a userName; empty when the text has no letter or digit that can stay.
  static func derived(from text: String) -> String {
    var name: [UInt8] = []
    for byte in text.lowercased().utf8.prefix(maximumLength) {
      if isAlphanumeric(byte) || (byte == UInt8(ascii: ".") && !name.isEmpty) {
        name.append(byte)
      } else if let last = name.last, isAlphanumeric(last) {
        name.append(UInt8(ascii: "-"))
      }
    }
    while let last = name.last, isSeparator(last) { name.removeLast() }
    return String(decoding: name, as: UTF8.self)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") }
}
