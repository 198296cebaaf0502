import Foundation
import NIOHTTP1

/// The `Retry-After` field (RFC 9110 section 10.2.3).
enum RetryAfter {
  /// More than this is not believed: a mistaken value must not stop an endpoint for good.

  /// The wait that the endpoint asks for; nil when it does not say or cannot be understood.
  ///
  /// A date is counted from the answer's own `Date`, so the two clocks need not agree.
  static func parse(_ headers: HTTPHeaders) -> Duration? {
    guard let value = headers.first(name: "retry-after")?.trimmingCharacters(in: .whitespaces) else { return nil }
    if let seconds = Double(value), seconds.isFinite { return bounded(seconds) }
    guard let moment = date(value), let answered = headers.first(name: "date").flatMap(date) else { return nil }
    return bounded(moment.timeIntervalSince(answered))
  }

  /// More than a quarter of an hour is not believed: a mistaken value must not stop an endpoint for good.
  private static func bounded(_ seconds: Double) -> Duration { .seconds(min(max(seconds, 0), 15 * 60)) }

  /// An HTTP date in the form that senders must use: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
  private static func date(_ text: String) -> Date? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
      let month = months.firstIndex(of: String(words[2]))
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, let zone = TimeZone(secondsFromGMT: 0) else { return nil }
    let components = DateComponents(
      timeZone: zone, year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2])
    return Calendar(identifier: .gregorian).date(from: components)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
