import Foundation
import SCIM

/// Times and durations as the fields of manifests have them.
enum ManifestTime {
  /// An RFC 3339 date-time, or a date, which stands for its first instant in UTC.
  static func date(_ text: String) -> Date? {
    guard let time = DateTime(text) ?? DateTime(text + "T00:00:00Z") else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(time.seconds) + TimeInterval(time.nanoseconds) / 1e9)
  }

  /// A duration in seconds: whole numbers with the units `w`, `d`, `h`, `m` and `s`, as in `30d` or `1h30m`.
  static func duration(_ text: String) -> TimeInterval? {
    var seconds = 0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let count = Int(digits), let unit = units[character] else { return nil }
      let (part, overflow) = count.multipliedReportingOverflow(by: unit)
      let (sum, overflowed) = seconds.addingReportingOverflow(part)
      guard !overflow, !overflowed else { return nil }
      seconds = sum
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? TimeInterval(seconds) : nil
  }

  private static let units: [Character: Int] = ["w": 7 * 86_400, "d": 86_400, "h": 3600, "m": 60, "s": 1]
}
