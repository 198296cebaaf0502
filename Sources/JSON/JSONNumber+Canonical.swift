extension JSONNumber {
  /// The one literal for all numbers of this value: whole numbers that fit in 64 bits by their digits, others as
  /// ECMAScript writes the nearest double (RFC 8785 section 3.2.2.3). A literal beyond the doubles stays as it is.
  var canonicalLiteral: String {
    if let int { return String(int) }
    let value = double
    guard value.isFinite else { return literal }
    return (value < 0 ? "-" : "") + Self.ecmaScript(ShortestDecimal(value.magnitude))
  }

  /// ECMA-262 `Number::toString` for a positive number.
  private static func ecmaScript(_ number: ShortestDecimal) -> String {
    let digits = number.digits
    let point = number.point
    switch point {
    case digits.count...max(digits.count, 21): return digits + String(repeating: "0", count: point - digits.count)
    case 1...21: return "\(digits.prefix(point)).\(digits.dropFirst(point))"
    case -5...0: return "0." + String(repeating: "0", count: -point) + digits
    default:
      let fraction = digits.count > 1 ? ".\(digits.dropFirst())" : ""
      return "\(digits.prefix(1))\(fraction)e\(point > 0 ? "+" : "-")\(abs(point - 1))"
    }
  }
}

/// The fewest decimal digits that name one positive double: `0.digits` times ten to the power of `point`.
private struct ShortestDecimal {
  let digits: String
  let point: Int

  /// Reads the digits off `description`, which Swift keeps shortest.
  init(_ value: Double) {
    let parts = value.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let all = mantissa.joined()
    let significant = all.drop { $0 == "0" }
    digits = String(significant.reversed().drop { $0 == "0" }.reversed())
    point = mantissa[0].count + exponent - (all.count - significant.count)
  }
}
