/// The bytes of a file, for the questions that come before parsing and those that only errors ask.
struct YAMLSource {
  /// libyaml compares each `%TAG` with all before it: a file of nothing else would keep it busy for hours.
  private static let maxTagDirectives = 64

  let bytes: UnsafeBufferPointer<UInt8>

  /// Why the file is not worth reading at all.
  func refusal(_ limits: YAMLReader.Limits) -> YAMLError? {
    let start = YAMLMark(line: 1, column: 1)
    if bytes.count > limits.maxBytes {
      return YAMLError(
        .tooLarge, "the file is \(bytes.count) bytes long; at most \(limits.maxBytes) are read", at: start,
        hint: "split it into several files")
    }
    if isWide {
      return YAMLError(
        .encoding, "the file is UTF-16 or UTF-32; manifests are UTF-8", at: start, hint: "save it as UTF-8")
    }
    if tagDirectives > Self.maxTagDirectives {
      return YAMLError(.tooLarge, "the file holds more than \(Self.maxTagDirectives) %TAG directives", at: start)
    }
    return nil
  }

  private var tagDirectives: Int {
    var count = 0
    var rest = bytes[...]
    while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
      let isAfterPrintable = percent > 0 && (0x20...0x7E).contains(bytes[percent - 1])
      if !isAfterPrintable, rest[percent...].starts(with: "%TAG".utf8) { count += 1 }
      rest = rest[(percent + 1)...]
    }
    return count
  }

  /// A byte order mark of two-byte units, or a zero where UTF-8 text has none.
  private var isWide: Bool {
    guard bytes.count >= 2 else { return false }
    return switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE), (0xFE, 0xFF), (0, _), (_, 0): true
    default: false
    }
  }

  /// The place of the byte at this offset, counted from 0; a byte order mark takes no column.
  func place(ofByte offset: Int) -> YAMLFault.Place {
    var cursor = Cursor()
    for scalar in text(upTo: offset) { cursor.pass(scalar) }
    return cursor.place
  }

  /// The offset of the last byte before this one that begins a UTF-8 sequence.
  func leadByte(before offset: Int) -> Int {
    bytes[..<min(offset, bytes.count)].lastIndex { $0 & 0xC0 != 0x80 } ?? 0
  }

  /// The character at a place, nil at the end of the file.
  func character(at place: YAMLFault.Place) -> Unicode.Scalar? {
    var cursor = Cursor()
    for scalar in text(upTo: bytes.count) {
      if cursor.place.line == place.line, cursor.place.column == place.column { return scalar }
      cursor.pass(scalar)
    }
    return nil
  }

  private func text(upTo end: Int) -> Substring.UnicodeScalarView {
    let text = String(decoding: bytes[..<min(end, bytes.count)], as: UTF8.self).unicodeScalars[...]
    return text.first == "\u{FEFF}" ? text.dropFirst() : text
  }

  /// Counts lines as libyaml does.
  private struct Cursor {
    var place = YAMLFault.Place(line: 0, column: 0)
    private var previous: Unicode.Scalar?

    mutating func pass(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": place = YAMLFault.Place(line: place.line + 1, column: 0)
      default: place.column += 1
      }
      previous = scalar
    }
  }
}
