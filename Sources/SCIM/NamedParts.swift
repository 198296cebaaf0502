import JSON

/// Complex values that a client names by some of their parts, found without comparing each with each.
struct NamedParts {
  private let attribute: Attribute
  /// What is said of the parts, by the names of those that anything is said of.
  private var told: [[String]: Set<[AttributeNormalForm?]>] = [:]

  init(_ values: [JSONValue], of attribute: Attribute) {
    self.attribute = attribute
    for value in values {
      guard let object = value.asComplex(attribute), !object.isEmpty, let parts = parts(of: object) else { continue }
      let names = parts.keys.sorted()
      told[names, default: []].insert(names.map { parts[$0] ?? nil })
    }
  }

  /// Whether the element agrees with all that is said of one of the values.
  func include(_ element: JSONObject) -> Bool {
    told.contains { names, forms in
      forms.contains(
        names.map { name in
          attribute.subAttribute(name).flatMap { AttributeNormalForm(element.value(ignoringCase: name), of: $0) }
        })
    }
  }

  /// What is said of each part, unknown ones aside; nil for what says two things of one, which no element agrees with.
  private func parts(of object: JSONObject) -> [String: AttributeNormalForm?]? {
    var parts: [String: AttributeNormalForm?] = [:]
    for member in object.members {
      guard let part = attribute.subAttribute(member.key) else { continue }
      let form = AttributeNormalForm(member.value, of: part)
      if let other = parts.updateValue(form, forKey: part.name), other != form { return nil }
    }
    return parts
  }
}
