/// Combining marks that follow one another.
///
/// To compare, hash or fold a text, every run of marks is brought into an order, which takes time by the square of its
/// length. No script needs a long one: the stream-safe format of Unicode has 30 at most (UAX #15, section 13).
package enum CombiningMarks {
  /// The most in a row of a text that we take from others.
  package static let limit = 64
}

extension String {
  /// Whether more combining marks follow one another than we take.
  package var hasTooManyMarks: Bool {
    // The first mark is U+0300, which begins with this byte.
    guard utf8.contains(where: { $0 >= 0xCC }) else { return false }
    var count = 0
    for scalar in unicodeScalars {
      count = scalar.isMark ? count + 1 : 0
      if count > CombiningMarks.limit { return true }
    }
    return false
  }
}

extension JSONValue {
  /// Whether a text in it, or the name of a member, has more combining marks in a row than we take.
  package var hasTooManyMarks: Bool {
    switch self {
    case .string(let text): text.hasTooManyMarks
    case .array(let elements): elements.contains(where: \.hasTooManyMarks)
    case .object(let object): object.members.contains { $0.key.hasTooManyMarks || $0.value.hasTooManyMarks }
    case .null, .bool, .number: false
    }
  }
}

extension Unicode.Scalar {
  /// A few that are put into order with others are of no class themselves, for they stand for two that are.
  fileprivate var isMark: Bool {
    value >= 0x300
      && (properties.canonicalCombiningClass != .notReordered || properties.generalCategory == .nonspacingMark)
  }
}
