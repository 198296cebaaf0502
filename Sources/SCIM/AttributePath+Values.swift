import JSON

extension AttributePath {
  /// All values that the path reaches in a resource, in their order: the elements of a multi-valued attribute one by
  /// one, those that the value filter lets through; nulls are left out.
  ///
  /// The value filter compares without regard to case here; `FilterPredicate` knows the schema.
  package func values(in resource: JSONObject, type: ResourceType? = nil) -> [JSONValue] {
    // A filter that can match nothing, such as `active gt true`, reaches nothing.
    guard let reach = try? AttributeReach(self, in: .resource(type, nil)) else { return [] }
    var values: [JSONValue] = []
    _ = reach.contains(in: .object(resource)) { value in
      values.append(value)
      return false
    }
    return values
  }
}

/// A path made ready to be followed in many resources.
struct AttributeReach: Sendable {
  /// The member that holds an extension's attributes; nil when they stand in the resource itself.
  private let container: String?
  private let attribute: String
  private let elements: FilterNode?
  private let subAttribute: String?
  /// What a value counts as of which this part is not told: "the value of primary SHALL be assumed to be false" (RFC 7643
  /// section 2.4).
  var assumed: JSONValue?

  /// Throws `invalidFilter` when the path's value filter compares what cannot be compared.
  init(_ path: AttributePath, in scope: FilterScope) throws(SCIMError) {
    container = scope.hasAttributeDirectly(path) ? nil : path.schema
    attribute = path.attribute
    subAttribute = path.subAttribute
    elements = try path.valueFilter.map { filter throws(SCIMError) in
      try FilterNode(filter, in: .element(of: scope.attribute(at: path)))
    }
  }

  /// Whether the path reaches a value that passes the test.
  func contains(in holder: JSONValue, where test: (JSONValue) -> Bool) -> Bool {
    guard let value = attributeValue(in: holder) else { return subAttribute == nil && passesUntold(test) }
    guard case .array(let values) = value else { return passes(value, test) }
    return values.contains { passes($0, test) }
  }

  private func attributeValue(in holder: JSONValue) -> JSONValue? {
    guard case .object(let object) = holder else {
      // Some endpoints write `"emails": ["a@example.com"]`: the bare value stands for its `value`.
      return attribute.lowercased() == "value" ? holder : nil
    }
    guard let container else { return object.value(ignoringCase: attribute) }
    if let held = object.value(ignoringCase: container) { return held.object?.value(ignoringCase: attribute) }
    // The path may be the URN of an extension as a whole.
    return object.value(ignoringCase: "\(container):\(attribute)")
  }

  private func passes(_ element: JSONValue, _ test: (JSONValue) -> Bool) -> Bool {
    if element.isNull { return false }
    if let elements, !elements.matches(element) { return false }
    guard let subAttribute else { return test(element) }
    guard case .object(let object) = element else { return subAttribute.lowercased() == "value" && test(element) }
    switch object.value(ignoringCase: subAttribute) {
    case nil, .null?: return passesUntold(test)
    case .array(let values)?: return values.contains { !$0.isNull && test($0) }
    case let value?: return test(value)
    }
  }

  private func passesUntold(_ test: (JSONValue) -> Bool) -> Bool { assumed.map(test) ?? false }
}
