import JSON

/// Operations on multi-valued attributes. Every one tells which elements it touched, for the sake of `primary`.
extension AttributePatch {
  func multiValued(_ before: JSONValue?) throws(SCIMError) -> JSONValue? {
    var elements = before?.array ?? before.map { [$0] } ?? []
    let most = attribute.namesResource ? .max : max(maxValues, elements.count)
    let touched: [Int]
    if filter != nil || subAttribute != nil {
      touched = try changeSelected(&elements)
    } else {
      touched = try changeAll(&elements)
    }
    guard elements.count <= most else { throw error(.invalidValue, "must not have more than \(maxValues) values") }
    keepOnePrimary(among: &elements, touched: touched)
    return elements.isEmpty ? nil : .array(elements)
  }

  private func changeAll(_ elements: inout [JSONValue]) throws(SCIMError) -> [Int] {
    switch verb {
    case .remove: removeNamed(from: &elements)
    case .replace: elements = try value.flatMap { value throws(SCIMError) in try read(value) }?.array ?? []
    case .add: return add(try value.flatMap { value throws(SCIMError) in try read(value) }?.array ?? [], to: &elements)
    }
    return []
  }

  /// A value that is there already is not added again (section 3.5.2.1).
  private func add(_ additions: [JSONValue], to elements: inout [JSONValue]) -> [Int] {
    // The few new ones are indexed, not the many old ones: one pass over the old, whatever their number.
    var missing = Set(additions.compactMap { AttributeNormalForm(single: $0, of: attribute) })
    for element in elements where !missing.isEmpty {
      if let form = AttributeNormalForm(single: element, of: attribute) { missing.remove(form) }
    }
    let count = elements.count
    elements += additions.filter { addition in
      AttributeNormalForm(single: addition, of: attribute).map { missing.remove($0) != nil } ?? false
    }
    return Array(count..<elements.count)
  }

  /// Without a value removes all; Entra ID and others name in `value` what is to go, by its identifier or in parts.
  private func removeNamed(from elements: inout [JSONValue]) {
    guard let value, !value.isNull else {
      elements = []
      return
    }
    let named = value.array ?? [value]
    if attribute.type != .complex || attribute.namesResource {
      let forms = Set(named.compactMap { AttributeNormalForm(single: $0, of: attribute) })
      elements.removeAll { AttributeNormalForm(single: $0, of: attribute).map(forms.contains) ?? true }
    } else {
      let parts = NamedParts(named, of: attribute)
      elements.removeAll { $0.asComplex(attribute).map(parts.include) ?? false }
    }
  }

  // MARK: Elements selected by a filter, or all of them for the sake of one part

  private func changeSelected(_ elements: inout [JSONValue]) throws(SCIMError) -> [Int] {
    let selected = try selection(in: elements)
    guard !selected.isEmpty else { return try changeNone(&elements) }
    guard verb != .remove || subAttribute != nil else {
      let doomed = Set(selected)
      elements = elements.enumerated().filter { !doomed.contains($0.offset) }.map(\.element)
      return []
    }
    // What is left without any part is no value; it goes at the end, so that the places before it hold.
    var emptied = Set<Int>()
    for index in selected {
      if let changed = try changed(elements[index]) { elements[index] = changed } else { emptied.insert(index) }
    }
    guard !emptied.isEmpty else { return selected }
    elements = elements.enumerated().filter { !emptied.contains($0.offset) }.map(\.element)
    return []
  }

  private func selection(in elements: [JSONValue]) throws(SCIMError) -> [Int] {
    guard let filter else { return Array(elements.indices) }
    let node = try FilterNode(filter, in: .element(of: attribute))
    return elements.indices.filter { node.matches(elements[$0]) }
  }

  private func changed(_ element: JSONValue) throws(SCIMError) -> JSONValue? {
    guard verb == .add || subAttribute != nil, attribute.type == .complex else { return try replacement() }
    guard var object = element.asComplex(attribute) else { throw error(.invalidPath, "has no parts") }
    try change(&object)
    return object.isEmpty ? nil : .object(object)
  }

  private func change(_ object: inout JSONObject) throws(SCIMError) {
    if let subAttribute {
      try part(subAttribute)?.apply(to: &object)
    } else {
      let values = value?.array ?? value.map { [$0] } ?? []
      guard values.count == 1, let parts = values[0].object else {
        throw error(.invalidValue, "needs one object for the values selected")
      }
      try merge(parts, into: &object)
    }
  }

  /// The one value that takes the place of every selected one.
  private func replacement() throws(SCIMError) -> JSONValue? {
    guard let values = try value.flatMap({ value throws(SCIMError) in try read(value) })?.array else { return nil }
    guard values.count == 1 else { throw error(.invalidValue, "needs one value for those selected") }
    return values[0]
  }

  /// No element is selected: `replace` has no target, `remove` has nothing to do, and `add` makes an element that the
  /// filter would select, as Entra ID expects; a path that is a key of a value, which replaces or adds alike
  /// (section 3.5.2.3), does that too.
  private func changeNone(_ elements: inout [JSONValue]) throws(SCIMError) -> [Int] {
    switch (verb, filter) {
    case (.remove, _): return []
    case (.replace, let filter?) where isNamed: throw error(.noTarget, "has no value where \(filter)")
    case (.add, _), (.replace, _): break
    }
    var terms: JSONObject = [:]
    if let filter { try collectTerms(of: filter, into: &terms) }
    try change(&terms)
    guard let element = try read(.array([.object(terms)]))?.array?.first else { return [] }
    elements.append(element)
    return [elements.count - 1]
  }

  private func collectTerms(of filter: Filter, into terms: inout JSONObject) throws(SCIMError) {
    switch filter {
    case .and(let left, let right):
      try collectTerms(of: left, into: &terms)
      try collectTerms(of: right, into: &terms)
    case .compare(let path, .equal, let value) where path.subAttribute == nil:
      // A term that is no part would be lost, and the filter find nothing the next time either.
      guard let part = try part(path.attribute) else { throw error(.noTarget, "has no value where \(filter)") }
      terms[part.attribute.name] = value
    case .compare, .present, .valuePath, .or, .not:
      throw error(.noTarget, "has no value where \(filter)")
    }
  }

  // MARK: Primary

  /// A new primary value makes the others secondary (section 3.5.2).
  private func keepOnePrimary(among elements: inout [JSONValue], touched: [Int]) {
    guard let winner = touched.first(where: { elements[$0]["primary"] == .bool(true) }) else { return }
    for index in elements.indices where index != winner {
      guard case .object(var object) = elements[index], object["primary"] == .bool(true) else { continue }
      object["primary"] = .bool(false)
      elements[index] = .object(object)
    }
  }
}
