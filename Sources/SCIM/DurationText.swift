/// Durations as people write them in manifests, resources and options: whole numbers with the units `w`, `d`, `h`, `m`
/// and `s`, as in `30d` or `1h30m`.
package enum DurationText {
  /// In seconds; nil for anything else.
  package static func seconds(_ text: String) -> Int? {
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
    return digits.isEmpty && !text.isEmpty ? seconds : nil
  }

  /// The duration in its largest units, which ``seconds(_:)`` reads again: `1h30m`.
  package static func text(_ seconds: Int) -> String {
    var rest = seconds
    var text = ""
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] where rest >= length {
      text += "\(rest / length)\(unit)"
      rest %= length
    }
    return rest > 0 || text.isEmpty ? text + "\(rest)s" : text
  }

  private static let units: [Character: Int] = ["w": 7 * 86_400, "d": 86_400, "h": 3600, "m": 60, "s": 1]
}
