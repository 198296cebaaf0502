import JSON

/// A filter expression (RFC 7644 section 3.4.2.2).
package indirect enum Filter: Hashable, Sendable {
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "eq"
    case notEqual = "ne"
    case contains = "co"
    case startsWith = "sw"
    case endsWith = "ew"
    case greaterThan = "gt"
    case greaterOrEqual = "ge"
    case lessThan = "lt"
    case lessOrEqual = "le"
  }

  case present(AttributePath)
  case compare(AttributePath, Comparison, JSONValue)
  /// `emails[type eq "work" and value co "@example.com"]`: the path carries no value filter of its own.
  case valuePath(AttributePath, Filter)
  case and(Filter, Filter)
  case or(Filter, Filter)
  case not(Filter)
}

extension Filter.Comparison {
  var isOrder: Bool {
    switch self {
    case .greaterThan, .greaterOrEqual, .lessThan, .lessOrEqual: true
    case .equal, .notEqual, .contains, .startsWith, .endsWith: false
    }
  }

  /// Why this operator cannot take this value (RFC 7644 table 3); nil when it can.
  func objection(to operand: JSONValue) -> String? {
    switch (self, operand) {
    case (.equal, _), (.notEqual, _), (_, .string): nil
    case (.contains, _), (.startsWith, _), (.endsWith, _): "\"\(rawValue)\" needs a string"
    case (_, .number): nil
    default: "\"\(rawValue)\" needs a value that has an order"
    }
  }
}
