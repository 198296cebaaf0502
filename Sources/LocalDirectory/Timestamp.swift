import Foundation

/// Times of the directory: whole milliseconds, written as RFC 3339 in UTC.
package enum Timestamp {
  /// The time without what is finer than a millisecond.
  package static func truncated(_ time: Date) -> Date { date(milliseconds: milliseconds(time)) }

  /// Milliseconds since 1970.
  package static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

  package static func date(milliseconds: Int) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  /// `2026-11-23T09:30:00.125Z`.
  package static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
