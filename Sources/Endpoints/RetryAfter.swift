import Foundation
import NIOHTTP1

/// The `Retry-After` field (RFC 9110 section 10.2.3).
enum RetryAfter {
  /// The wait that the endpoint asks for; nil when it does not say or cannot be understood.
  ///
  /// A date is counted from the answer's own `Date`, so the two clocks need not agree.
  static func parse(_ headers: HTTPHeaders) -> Duration? {
    guard let value = headers.first(name: "retry-after")?.trimmingCharacters(in: .whitespaces) else { return nil }
    if let seconds = Double(value), seconds.isFinite { return bounded(seconds) }
    guard let moment = HTTPDate.parse(value),
      let answered = headers.first(name: "date").flatMap(HTTPDate.parse)
    else { return nil }
    return bounded(moment.timeIntervalSince(answered))
  }

  /// More than a quarter of an hour is not believed: a mistaken value must not stop an endpoint for good.
  private static func bounded(_ seconds: Double) -> Duration { .seconds(min(max(seconds, 0), 15 * 60)) }
}
