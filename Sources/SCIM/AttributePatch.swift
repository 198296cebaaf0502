import JSON

/// One operation on one attribute of the object that holds it: the resource, an extension, or a complex value.
struct AttributePatch {
  let verb: PatchOperation.Verb
  let attribute: Attribute
  var filter: Filter?
  var subAttribute: String?
  let value: JSONValue?
  /// Whether a path names the attribute; else it is one of several in a value, where read-only ones are ignored.
  let isNamed: Bool
  /// The most values that an operation may leave where there were fewer, unless they name other resources.
  var maxValues = Int.max

  /// - Throws: `SCIMError` 400; the holder is untouched then.
  func apply(to holder: inout JSONObject) throws(SCIMError) {
    guard attribute.mutability != .readOnly else {
      if isNamed { throw error(.mutability, "is read-only") }
      return
    }
    let key = holder.spelling(of: attribute.name) ?? attribute.name
    let before = holder[key].flatMap { $0.isNull ? nil : $0 }
    let after = try result(before)
    try checkMutability(before, after)
    if key != attribute.name { holder[key] = nil }
    holder[attribute.name] = after
  }

  private func result(_ before: JSONValue?) throws(SCIMError) -> JSONValue? {
    if attribute.isMultiValued { return try multiValued(before) }
    if filter != nil { throw error(.invalidPath, "has a single value, so it takes no filter") }
    if let subAttribute { return try patching(before, subAttribute) }
    return try singular(before)
  }

  private func checkMutability(_ before: JSONValue?, _ after: JSONValue?) throws(SCIMError) {
    guard before != nil else { return }
    if attribute.mutability == .immutable, !AttributeValues.areEqual(before, after, attribute: attribute) {
      throw error(.mutability, "is immutable")
    }
    if attribute.isRequired, after == nil { throw error(.mutability, "is required") }
  }

  // MARK: Singular attributes

  private func singular(_ before: JSONValue?) throws(SCIMError) -> JSONValue? {
    if verb == .remove { return nil }
    guard let value, !value.isNull else { return verb == .replace ? nil : before }
    // A complex value is merged: what it does not mention stays (section 3.5.2.3).
    guard attribute.type == .complex, let parts = value.asComplex(attribute) else { return try read(value) }
    var object = before?.asComplex(attribute) ?? [:]
    try merge(parts, into: &object)
    return object.isEmpty ? nil : .object(object)
  }

  private func patching(_ before: JSONValue?, _ name: String) throws(SCIMError) -> JSONValue? {
    guard let part = try part(name) else { return before }
    guard attribute.type == .complex else { throw error(.invalidPath, "has no parts") }
    var object = before?.asComplex(attribute) ?? [:]
    try part.apply(to: &object)
    return object.isEmpty ? nil : .object(object)
  }

  /// Applies every member of a complex value by itself.
  func merge(_ parts: JSONObject, into object: inout JSONObject) throws(SCIMError) {
    for member in parts.members {
      let patch = AttributePatch(
        verb: verb, attribute: attribute, subAttribute: member.key, value: member.value, isNamed: false,
        maxValues: maxValues)
      try patch.part(member.key)?.apply(to: &object)
    }
  }

  /// The same operation on a sub-attribute; nil when it is unknown and to be ignored.
  func part(_ name: String) throws(SCIMError) -> AttributePatch? {
    let isOpen = attribute.subAttributes.isEmpty
    guard let known = attribute.subAttribute(name) ?? (isOpen ? Attribute(undescribed: name, value: value) : nil) else {
      if isNamed { throw error(.invalidPath, "has no part \(name)") }
      return nil
    }
    return AttributePatch(verb: verb, attribute: known, value: value, isNamed: isNamed, maxValues: maxValues)
  }

  // MARK: Values

  /// The value as the schema wants it; nil when it is unassigned.
  func read(_ value: JSONValue) throws(SCIMError) -> JSONValue? {
    var reader = ValueReader(unknown: .dropped, path: [attribute.name])
    let result = reader.read(value, as: attribute)
    if let error = SCIMError(reader.problems) { throw error }
    return result
  }

  func error(_ kind: SCIMError.Kind, _ message: String) -> SCIMError {
    SCIMError(status: 400, kind, "\(attribute.name) \(message).")
  }
}
