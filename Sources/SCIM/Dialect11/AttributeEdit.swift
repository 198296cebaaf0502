import JSON

/// What the operations of a PATCH do to one attribute, and how a partial resource of SCIM 1.1 says it.
struct AttributeEdit: Sendable {
  /// What a partial resource says of an attribute: the names that go into `meta.attributes`, and the value.
  struct Statement: Sendable {
    var removed: [AttributePath] = []
    var value: JSONValue?
  }

  /// The URN of the extension that has the attribute; nil for the core schema.
  let schema: String?
  let attribute: Attribute
  /// In their order; at least one, each with a path.
  var operations: [PatchOperation]
  /// The same as they are carried out on a resource.
  var originals: [PatchOperation]

  var path: AttributePath { AttributePath(schema: schema, attribute.name) }

  func isOf(_ other: Attribute, _ otherSchema: String?) -> Bool {
    other.name == attribute.name && otherSchema?.lowercased() == schema?.lowercased()
  }

  /// What is said without a look at the resource; nil when the operations need one.
  var statement: Statement? {
    switch (attribute.isMultiValued, attribute.type) {
    case (true, _): references ?? replacement
    case (false, .complex): parts
    case (false, _): single
    }
  }

  /// What turns the one value into the other, said as a whole.
  func statement(from before: JSONValue?, to after: JSONValue?) -> Statement {
    guard let after, !after.isNull, after.array?.isEmpty != true else { return Statement(removed: [path]) }
    if attribute.isMultiValued { return Statement(removed: [path], value: after) }
    guard let old = before?.object, let new = after.object else { return Statement(value: after) }
    // The parts of a complex value are merged, so those that go are named.
    let gone = old.members.map(\.key).filter { new.value(ignoringCase: $0) == nil }
    return Statement(removed: gone.map(part), value: after)
  }

  private func part(_ name: String) -> AttributePath { AttributePath(schema: schema, attribute.name, sub: name) }

  /// Of a single simple value, the last word counts.
  private var single: Statement? {
    var said: Statement?
    for operation in operations {
      guard operation.path?.valueFilter == nil, operation.path?.subAttribute == nil else { return nil }
      switch (operation.verb, operation.value) {
      case (.add, nil), (.add, .null?): continue
      case (.remove, _), (.replace, nil), (.replace, .null?): said = Statement(removed: [path])
      case (.add, let value?), (.replace, let value?): said = Statement(value: value)
      }
    }
    return said ?? Statement()
  }

  /// The parts of a complex value, each said once.
  private var parts: Statement? {
    if operations.count == 1, operations[0].removesAll(of: path) { return Statement(removed: [path]) }
    var object = JSONObject()
    var removed: [String] = []
    for operation in operations {
      guard let told = told(operation) else { return nil }
      for member in told {
        guard let part = attribute.subAttribute(member.key), !part.isMultiValued, part.type != .complex else {
          return nil
        }
        // A part that is added or taken away a second time is a matter of order.
        guard object[part.name] == nil, !removed.contains(part.name) else { return nil }
        if part.mutability == .readOnly { continue }
        if !member.value.isNull {
          object[part.name] = member.value
        } else if operation.verb != .add {
          removed.append(part.name)
        }
      }
    }
    return Statement(removed: removed.map(part), value: object.isEmpty ? nil : .object(object))
  }

  /// The parts that an operation speaks of; null for one that goes. nil when that cannot be told without the resource.
  private func told(_ operation: PatchOperation) -> JSONObject? {
    guard operation.path?.valueFilter == nil else { return nil }
    if let name = operation.path?.subAttribute {
      return [name: operation.verb == .remove ? .null : operation.value ?? .null]
    }
    return operation.verb == .remove ? nil : operation.value?.object
  }

  /// One list that takes the place of whatever is there.
  private var replacement: Statement? {
    guard operations.count == 1 else { return nil }
    if operations[0].removesAll(of: path) { return Statement(removed: [path]) }
    guard operations[0].verb == .replace, operations[0].isOnWhole, let elements = operations[0].value?.array else {
      return nil
    }
    return elements.isEmpty ? Statement(removed: [path]) : Statement(removed: [path], value: .array(elements))
  }

  /// References that come and go one by one: those that go are marked.
  private var references: Statement? {
    guard !attribute.referencedTypes.isEmpty else { return nil }
    var elements: [(id: String, element: JSONValue)] = []
    for operation in operations {
      guard let changed = operation.references else { return nil }
      for change in changed {
        guard let said = elements.first(where: { $0.id == change.id }) else {
          elements.append(change)
          continue
        }
        // What is said of one reference a second time is a matter of order.
        guard said.element == change.element else { return nil }
      }
    }
    return Statement(value: elements.isEmpty ? nil : .array(elements.map(\.element)))
  }
}

extension PatchOperation {
  /// Whether it is about the attribute as a whole.
  fileprivate var isOnWhole: Bool { path?.valueFilter == nil && path?.subAttribute == nil }

  /// Whether the attribute is gone afterwards, whatever it was.
  fileprivate func removesAll(of attribute: AttributePath) -> Bool {
    guard isOnWhole else { return false }
    return (verb == .remove && value == nil) || (verb == .replace && value?.isNull != false)
  }

  /// The references that are added, and marked those that are removed; nil when it says more than that.
  fileprivate var references: [(id: String, element: JSONValue)]? {
    switch (verb, path?.valueFilter, path?.subAttribute) {
    case (.add, nil, nil):
      return value?.array?.references { .object($0) }
    case (.remove, nil, nil):
      return value?.array?.references { .object(["value": $0["value"] ?? .null, "operation": "delete"]) }
    case (.remove, .compare(let part, .equal, .string(let id))?, nil) where part == AttributePath("value"):
      return [(id, ["value": .string(id), "operation": "delete"])]
    default: return nil
    }
  }
}

extension [JSONValue] {
  /// Each element with the id that it names; nil when one names none.
  fileprivate func references(_ element: (JSONObject) -> JSONValue) -> [(id: String, element: JSONValue)]? {
    var result: [(id: String, element: JSONValue)] = []
    for value in self {
      guard let object = value.object, let id = object["value"]?.string else { return nil }
      result.append((id, element(object)))
    }
    return result
  }
}
