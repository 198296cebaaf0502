import JSON

/// A value with everything taken out that the schema calls immaterial, so that two values mean the same exactly when
/// their normal forms are equal. Hashable, so that long lists of members compare in linear time.
package indirect enum AttributeNormalForm: Hashable, Sendable {
  case scalar(JSONValue)
  case instant(DateTime)
  /// The parts of a complex value, by the spelling of the schema.
  case complex([String: AttributeNormalForm])
  /// The values of a multi-valued attribute, whose order means nothing (RFC 7643 section 2.4).
  case values(Set<AttributeNormalForm>)
}

extension AttributeNormalForm {
  /// nil for what is unassigned: absent, null, an empty list, a complex value without parts (RFC 7643 section 2.5).
  package init?(_ value: JSONValue?, of attribute: Attribute) {
    switch value {
    case nil, .null?: return nil
    case .array(let elements)?: self.init(elements: elements, of: attribute)
    case let value?:
      // An endpoint may write the only value of a multi-valued attribute without its brackets.
      guard attribute.isMultiValued else { self.init(single: value, of: attribute); return }
      self.init(elements: [value], of: attribute)
    }
  }

  /// The normal form of one value of a multi-valued attribute, or of the value of a singular one.
  package init?(single value: JSONValue, of attribute: Attribute) {
    if case .null = value { return nil }
    guard attribute.type == .complex else {
      self = Self.scalar(value, of: attribute)
      return
    }
    if attribute.namesResource, let identifier = value.identifier {
      // Identifiers are case exact (section 3.1); `$ref`, `type` and `display` follow from them.
      self = .scalar(identifier)
      return
    }
    guard let object = value.asComplex(attribute) else {
      self = .scalar(value)
      return
    }
    self.init(parts: object, of: attribute)
  }

  private init?(elements: [JSONValue], of attribute: Attribute) {
    if !attribute.isMultiValued, elements.count == 1 {
      self.init(single: elements[0], of: attribute)
      return
    }
    var values = Set<AttributeNormalForm>(minimumCapacity: elements.count)
    for element in elements {
      if let form = AttributeNormalForm(single: element, of: attribute) { values.insert(form) }
    }
    guard !values.isEmpty else { return nil }
    self = .values(values)
  }

  private init?(parts object: JSONObject, of attribute: Attribute) {
    var parts: [String: AttributeNormalForm] = [:]
    for member in object.members {
      let part = attribute.subAttribute(member.key) ?? Attribute(undescribed: member.key, value: member.value)
      guard !attribute.disregards(part, member.value) else { continue }
      parts[part.name] = AttributeNormalForm(member.value, of: part)
    }
    guard !parts.isEmpty else { return nil }
    self = .complex(parts)
  }

  private static func scalar(_ value: JSONValue, of attribute: Attribute) -> AttributeNormalForm {
    switch (attribute.type, value) {
    case (.boolean, .string(let text)): .scalar(Bool(text.lowercased()).map(JSONValue.bool) ?? value)
    case (.dateTime, .string(let text)): DateTime(text).map(AttributeNormalForm.instant) ?? .scalar(value)
    // Endpoints do not agree on whether an employee number is a number.
    case (.string, .number(let number)): .scalar(.string(number.literal))
    // `en_US` is how POSIX, Java and Salesforce spell the language tag `en-US`.
    case (.string, .string(let text)) where attribute.isLanguageTag:
      .scalar(.string(text.lowercased().replacing("_", with: "-")))
    // An hour is 60 minutes.
    case (.string, .string(let text)) where attribute.isDuration:
      .scalar(DurationText.seconds(text).map { .number(JSONNumber($0)) } ?? value)
    case (.string, .string(let text)) where !attribute.isCaseExact: .scalar(.string(text.lowercased()))
    default: .scalar(value)
    }
  }
}

extension Attribute {
  /// Whether the attribute's `value` is the identifier of another resource.
  package var namesResource: Bool {
    type == .complex && referencedTypes.contains { $0 != "external" && $0 != "uri" }
  }

  /// Whether the values are language tags (RFC 7643 section 4.1.1).
  fileprivate var isLanguageTag: Bool { name == "locale" || name == "preferredLanguage" }

  /// Whether the values are durations as people write them.
  fileprivate var isDuration: Bool { name == "accessTokenLifetime" || name == "refreshTokenLifetime" }

  /// An attribute that no schema describes: its value shows the type, and case counts.
  init(undescribed name: String, value: JSONValue?) {
    let sample = value?.array?.first ?? value
    let type: DataType =
      switch sample {
      case .bool: .boolean
      case .number: .decimal
      case .object: .complex
      case .string, .array, .null, nil: .string
      }
    self.init(name, type, isMultiValued: value?.array != nil, isCaseExact: true)
  }

  /// Whether this part says nothing of its own: the endpoint computes it, or it states the default.
  fileprivate func disregards(_ part: Attribute, _ value: JSONValue) -> Bool {
    if part.mutability == .readOnly { return mutability != .readOnly }
    // "If not specified, the value of primary SHALL be assumed to be false" (RFC 7643 section 2.4).
    return isMultiValued && part.name == "primary" && Self.isFalse(value)
  }

  private static func isFalse(_ value: JSONValue) -> Bool {
    value == .bool(false) || value.string?.lowercased() == "false"
  }
}

extension JSONValue {
  /// The identifier in `{"value": "…"}` or in a bare string; nil when there is none.
  var identifier: JSONValue? {
    switch self {
    case .string: self
    case .object(let object):
      switch object.value(ignoringCase: "value") {
      case .string(let text)?: .string(text)
      default: nil
      }
    case .null, .bool, .number, .array: nil
    }
  }

  /// The value as a complex one: some endpoints write `"emails": ["a@example.com"]` or `"manager": "26118915"`, where
  /// the bare value stands for its `value`. nil when the attribute has no such part.
  func asComplex(_ attribute: Attribute) -> JSONObject? {
    switch self {
    case .object(let object): object
    case .string, .number, .bool: attribute.subAttribute("value") == nil ? nil : ["value": self]
    case .null, .array: nil
    }
  }
}
