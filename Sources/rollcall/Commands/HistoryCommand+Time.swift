import Foundation
import Reports
import SCIM

extension HistoryCommand {
  /// A day or a time in UTC, or how long ago.
  /// - Throws: ``CommandFailure`` for anything else.
  static func time(_ text: String, named name: String, now: Date) throws -> Date {
    if let seconds = DurationText.seconds(text) { return now.addingTimeInterval(-Double(seconds)) }
    if let time = try? Date(text, strategy: .iso8601) { return time }
    if let day = try? Date("\(text)T00:00:00Z", strategy: .iso8601) { return day }
    throw CommandFailure(
      .usage, "--\(name) cannot be \"\(text)\"", hint: "write it as 2026-11-30, 2026-11-30T09:30:00Z or 7d")
  }
}
