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

extension Date {
  /// The day in UTC: `2026-12-31`.
  var day: String { formatted(.iso8601.year().month().day()) }
}
