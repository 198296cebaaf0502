import Foundation

extension Int {
  /// With commas between thousands: `1,204`.
  var grouped: String {
    var digits = String(magnitude)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
  }

  /// `1 user`, `2 users`.
  func counted(_ noun: String) -> String { "\(grouped) \(self == 1 ? noun : noun.plural)" }
}

extension String {
  /// `users`, `entries`, `days`.
  var plural: String {
    let endsInY = hasSuffix("y") && !(dropLast().last.map { "aeiou".contains($0) } ?? true)
    return endsInY ? dropLast() + "ies" : self + "s"
  }

  /// As a sentence begins: `The token of …`.
  package var sentenceCased: String { prefix(1).uppercased() + dropFirst() }

  /// The name of a resource type as words: `IdentityProvider` is `identity provider`.
  var asWords: String {
    reduce(into: "") { words, letter in
      if letter.isUppercase, words.last?.isLetter == true { words += " " }
      words += letter.lowercased()
    }
  }
}

extension TimeInterval {
  /// `0.4 s`, `12 s`, `3 min`.
  var seconds: String {
    if self < 10 { return "\((self * 10).rounded() / 10) s" }
    return self < 120 ? "\(Int(rounded())) s" : "\(Int((self / 60).rounded())) min"
  }
}

extension TimeInterval {
  /// For how long something has been so: `5 min`, `3 hours`, `12 days`.
  var ageWords: String {
    let minutes = Int(max(self, 60) / 60)
    if minutes < 120 { return "\(minutes) min" }
    return minutes < 2 * 24 * 60 ? "\(minutes / 60) hours" : (minutes / (24 * 60)).counted("day")
  }
}

extension Date {
  /// The day in UTC: `2026-12-31`.
  var day: String { formatted(.iso8601.year().month().day()) }

  /// The day, and the minute unless it is midnight, in UTC: `2026-12-31`, `2026-12-31 15:30`.
  var minute: String {
    let isMidnight = timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) == 0
    return isMidnight
      ? day
      : formatted(
        .iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)
          .timeSeparator(.colon)
      ).prefix(16).description
  }
}
