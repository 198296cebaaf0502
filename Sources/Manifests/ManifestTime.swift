import Foundation
import SCIM

/// Times and durations as the fields of manifests have them.
package enum ManifestTime {
  /// An RFC 3339 date-time, or a date, which stands for its first instant in UTC.
  package static func date(_ text: String) -> Date? {
    guard let time = DateTime(text) ?? DateTime(text + "T00:00:00Z") else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(time.seconds) + TimeInterval(time.nanoseconds) / 1e9)
  }

  /// A duration in seconds.
  static func duration(_ text: String) -> TimeInterval? { DurationText.seconds(text).map(TimeInterval.init) }
}
