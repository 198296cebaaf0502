import Foundation

/// Times of the directory: whole milliseconds, written as RFC 3339 in UTC.
package enum Timestamp {
  /// The time without what is finer than a millisecond.
  package static func truncated(_ time: Date) -> Date { date(milliseconds: milliseconds(time)) }

  /// Milliseconds since 1970.
  package static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

  package static func date(milliseconds: Int) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  /// `2026-11-23T09:30:00.125Z`, for the years 0 to 9999. Every answer holds two, so they are written by hand: Foundation takes
  /// longer for them than the store for the resource.
  package static func text(_ date: Date) -> String {
    let milliseconds = milliseconds(date)
    let days = Int((Double(milliseconds) / Double(millisecondsPerDay)).rounded(.down))
    let time = milliseconds - days * millisecondsPerDay
    let (year, month, day) = civil(days)
    return String(unsafeUninitializedCapacity: 24) { bytes in
      var text = DigitWriter(bytes: bytes)
      text.write(year, 4, then: "-")
      text.write(month, 2, then: "-")
      text.write(day, 2, then: "T")
      text.write(time / 3_600_000, 2, then: ":")
      text.write(time / 60_000 % 60, 2, then: ":")
      text.write(time / 1000 % 60, 2, then: ".")
      text.write(time % 1000, 3, then: "Z")
      return text.count
    }
  }

  private static let millisecondsPerDay = 86_400_000

  /// The date of a day counted from 1970-01-01 in the Gregorian calendar, by counting in eras of 400 years that begin with March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
  }
}

/// Writes numbers of a fixed width, one after another.
private struct DigitWriter {
  let bytes: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func write(_ number: Int, _ width: Int, then separator: Unicode.Scalar) {
    var rest = number
    for position in (count..<count + width).reversed() {
      bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    count += width
    bytes[count] = UInt8(ascii: separator)
    count += 1
  }
}
