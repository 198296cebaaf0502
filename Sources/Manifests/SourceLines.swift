/// The lines of a file, broken where libyaml breaks them, so that its line numbers hold here too: after line feeds,
/// carriage returns, both together, and the breaks of Unicode (U+0085, U+2028, U+2029).
struct SourceLines {
  let bytes: UnsafeBufferPointer<UInt8>

  /// The length of the line break at this place; 0 when there is none.
  private func breakLength(at index: Int) -> Int {
    func follows(_ expected: UInt8...) -> Bool {
      index + expected.count < bytes.count && expected.indices.allSatisfy { bytes[index + 1 + $0] == expected[$0] }
    }
    return switch bytes[index] {
    case UInt8(ascii: "\n"): 1
    case UInt8(ascii: "\r"): follows(UInt8(ascii: "\n")) ? 2 : 1
    case 0xC2: follows(0x85) ? 2 : 0
    case 0xE2: follows(0x80, 0xA8) || follows(0x80, 0xA9) ? 3 : 0
    default: 0
    }
  }

  /// How many lines end in this range, which must begin at the start of a line.
  func count(in range: Range<Int>) -> Int {
    var count = 0
    var index = range.lowerBound
    while index < range.upperBound {
      // Nearly every byte is ASCII text; the rare ones get the longer look.
      let byte = bytes[index]
      let isPlain = byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") && byte != 0xC2 && byte != 0xE2
      let length = isPlain ? 0 : breakLength(at: index)
      if length > 0 { count += 1 }
      index += max(length, 1)
    }
    return count
  }

  /// The text of these lines, counted from 1, without their breaks.
  func texts(of numbers: Set<Int>) -> [Int: String] {
    var texts: [Int: String] = [:]
    var number = 1
    var start = 0
    var index = 0
    while index < bytes.count, texts.count < numbers.count {
      let length = breakLength(at: index)
      if length > 0 {
        if numbers.contains(number) { texts[number] = text(start..<index, number) }
        number += 1
        start = index + length
      }
      index += max(length, 1)
    }
    if numbers.contains(number), texts[number] == nil { texts[number] = text(start..<bytes.count, number) }
    return texts
  }

  private func text(_ range: Range<Int>, _ number: Int) -> String {
    let text = String(decoding: bytes[range], as: UTF8.self)
    return number == 1 && text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }
}
