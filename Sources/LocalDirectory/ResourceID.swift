import Foundation

/// The ids that a directory gives its resources: UUIDs of version 7 (RFC 9562 section 5.7), in lower case. They begin with the
/// time, so that an index takes each at its end instead of anywhere, and 74 random bits follow.
package enum ResourceID {
  package static func make(at time: Date) -> String {
    var generator = SystemRandomNumberGenerator()
    return make(at: time, using: &generator)
  }

  static func make(at time: Date, using generator: inout some RandomNumberGenerator) -> String {
    let milliseconds = UInt64(max(Timestamp.milliseconds(time), 0))
    let random = (
      UInt64.random(in: .min ... .max, using: &generator), UInt64.random(in: .min ... .max, using: &generator)
    )
    let high = milliseconds << 16 | 0x7000 | random.0 & 0xFFF
    let low = 0x8000_0000_0000_0000 | random.1 >> 2
    return text(high, low)
  }

  /// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { bytes in
      var position = 0
      for (word, groups) in [(high, [8, 4, 4]), (low, [4, 12])] {
        var rest = word
        for digits in groups {
          if position > 0 {
            bytes[position] = UInt8(ascii: "-")
            position += 1
          }
          for _ in 0..<digits {
            let digit = UInt8(rest >> 60)
            bytes[position] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            rest <<= 4
            position += 1
          }
        }
      }
      return position
    }
  }
}
