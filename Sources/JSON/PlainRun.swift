/// A run of characters that stand in a JSON string as they are (RFC 8259 section 7): no quote, backslash or control
/// character. Parser and serializer spend most of their time here, so it looks at eight bytes at a time.
enum PlainRun {
  /// The first byte from here on that ends a run, or the end of the text.
  static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    let words = UnsafeRawBufferPointer(bytes)
    while index + 8 <= bytes.count {
      let stops = stops(in: UInt64(littleEndian: words.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      guard stops == 0 else { return index + stops.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, !isStop(bytes[index]) { index += 1 }
    return index
  }

  static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    var union: UInt64 = 0
    let words = UnsafeRawBufferPointer(bytes)
    while index + 8 <= bytes.count {
      union |= words.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < bytes.count {
      union |= UInt64(bytes[index])
      index += 1
    }
    return union & (ones &* 0x80) == 0
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101

  private static func isStop(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The top bit of every byte that ends a run. A borrow can mark a byte wrongly only above one that is marked rightly,
  /// and only the lowest mark counts.
  private static func stops(in word: UInt64) -> UInt64 {
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let controls = (word &- ones &* 0x20) & ~word
    return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | controls) & (ones &* 0x80)
  }
}
