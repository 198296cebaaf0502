import Foundation

/// An HTTP date in the form that senders must use: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
enum HTTPDate {
  /// nil for anything else.
  static func parse(_ text: String) -> Date? {
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
