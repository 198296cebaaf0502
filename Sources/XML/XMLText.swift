import Foundation

/// The text of an XML document, decoded (XML 1.0 section 4.3.3): UTF-8 unless a byte order mark, the content type or the
/// XML declaration names UTF-16, ISO-8859-1 or US-ASCII.
enum XMLText {
  /// The document as UTF-8 without its XML declaration, which would name an encoding that is no longer true.
  /// - Parameter charset: of the content type; it goes before what the document says of itself (RFC 7303 section 3).
  /// - Throws: ``XMLFailure`` for another encoding, or bytes that are none in the encoding.
  static func decoded(_ bytes: [UInt8], charset: String?) throws(XMLFailure) -> String {
    let text = try decode(bytes, charset)
    guard text.hasPrefix("<?xml"), let next = text.dropFirst(5).first, next.isWhitespace else { return text }
    guard let end = text.range(of: "?>") else { throw XMLFailure("the XML declaration does not end") }
    return String(text[end.upperBound...])
  }

  private static func decode(_ bytes: [UInt8], _ charset: String?) throws(XMLFailure) -> String {
    if let mark = marks.first(where: { bytes.starts(with: $0.bytes) }) { return try text(bytes, mark.encoding) }
    let name = (charset ?? declaredEncoding(bytes) ?? "utf-8").lowercased()
    guard let encoding = encodings[name] else {
      throw XMLFailure("the encoding \(name) is not known here; send UTF-8")
    }
    return try text(bytes, encoding)
  }

  /// What a document begins with: a byte order mark, or in UTF-16 the beginning of its declaration.
  private static let marks: [(bytes: [UInt8], encoding: String.Encoding)] = [
    ([0xEF, 0xBB, 0xBF], .utf8), ([0xFE, 0xFF], .utf16BigEndian), ([0xFF, 0xFE], .utf16LittleEndian),
    ([0x00, 0x3C, 0x00, 0x3F], .utf16BigEndian), ([0x3C, 0x00, 0x3F, 0x00], .utf16LittleEndian),
  ]

  private static let encodings: [String: String.Encoding] = [
    "utf-8": .utf8, "utf8": .utf8, "us-ascii": .ascii, "ascii": .ascii, "iso-8859-1": .isoLatin1, "latin1": .isoLatin1,
    "utf-16be": .utf16BigEndian, "utf-16le": .utf16LittleEndian, "utf-16": .utf16BigEndian,
  ]

  private static func text(_ bytes: [UInt8], _ encoding: String.Encoding) throws(XMLFailure) -> String {
    let text =
      encoding == .utf8
      ? String(validating: bytes, as: UTF8.self)
      : encoding == .ascii && bytes.contains { $0 > 0x7F } ? nil : String(bytes: bytes, encoding: encoding)
    guard let text else { throw XMLFailure("the bytes are not in the encoding that the message names") }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// The encoding that the XML declaration names, which stands at the beginning in ASCII.
  private static func declaredEncoding(_ bytes: [UInt8]) -> String? {
    let head = String(decoding: bytes.prefix(200), as: UTF8.self)
    guard head.hasPrefix("<?xml"), let end = head.range(of: "?>"),
      let name = head[..<end.lowerBound].range(of: "encoding")
    else { return nil }
    return head[name.upperBound..<end.lowerBound].split(whereSeparator: { "\"'= \t\r\n".contains($0) }).first
      .map(String.init)
  }
}
