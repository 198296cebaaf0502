import JSON

/// Compares values as the schema says, not as JSON does.
package enum AttributeValues {
  /// Whether two values mean the same.
  ///
  /// Honours `caseExact`; compares dates as instants and multi-valued attributes as sets; leaves read-only parts
  /// (`display`) out; takes absent, null and `[]` for one, and the values of references (`members`) for their
  /// identifiers alone. Linear in the number of values.
  package static func areEqual(_ a: JSONValue?, _ b: JSONValue?, attribute: Attribute) -> Bool {
    if a == b { return true }
    return AttributeNormalForm(a, of: attribute) == AttributeNormalForm(b, of: attribute)
  }
}
