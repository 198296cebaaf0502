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
