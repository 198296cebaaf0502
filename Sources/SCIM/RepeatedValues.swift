import JSON

extension [JSONValue] {
  /// The values of a multi-valued attribute with each once: clients take two for two (RFC 7643 section 2.4). References to
  /// resources stay as they are.
  package func withoutRepetitions(of attribute: Attribute) -> [JSONValue] {
    guard count > 1, !attribute.namesResource else { return self }
    var seen = Set<AttributeNormalForm>()
    return filter { value in
      AttributeNormalForm(single: value, of: attribute).map { seen.insert($0).inserted } ?? true
    }
  }
}
