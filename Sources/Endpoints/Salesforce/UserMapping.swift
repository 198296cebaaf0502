import JSON
import SCIM

/// A SCIM user as a record of the sObject `User`, and back. A value without calls: profiles and user roles stand in it by
/// their names.
struct UserMapping: Hashable, Sendable {
  /// The fields that the organisation has.
  let fields: [UserField]

  /// - Parameter known: the names of the organisation's fields; nil when it did not tell them.
  init(known: Set<String>? = nil) {
    fields = UserField.all.filter { known?.contains($0.name) ?? !$0.isOptional }
  }

  /// The elements that there are fields for.
  var elementLimits: [String: ElementLimit] {
    var types: [String: [String]] = [:]
    for case .element(let attribute, let type?, _) in fields.map(\.place)
    where types[attribute]?.contains(type) != true {
      types[attribute, default: []].append(type)
    }
    return types.mapValues(ElementLimit.onePerType).merging(Self.singleElements) { typed, _ in typed }
  }

  /// Of which there is one, whatever its type, and how it is told.
  private static let singleElements: [String: ElementLimit] = [
    "emails": .one(["type": "work", "primary": true]), "roles": .one([:]),
  ]

  // MARK: Reading

  /// The user that a record holds.
  func resource(_ record: JSONObject) -> JSONObject {
    var user: JSONObject = ["schemas": .array([.string(SchemaURN.user)])]
    user["id"] = record["Id"]
    for field in fields {
      guard let value = field.attributeValue(record[field.name]) else { continue }
      switch field.place {
      case .attribute(let path): user.set(path, to: value)
      case .element(let attribute, let type, let part):
        user.setPart(part, of: attribute, element: template(attribute, type), to: value)
      }
    }
    let used = [SchemaURN.enterpriseUser, UserField.extensionURN].filter { user[$0] != nil }
    user["schemas"] = .array(([SchemaURN.user] + used).map(JSONValue.string))
    return user
  }

  /// What an element says besides its own parts.
  private func template(_ attribute: String, _ type: String?) -> JSONObject {
    if let type { return ["type": .string(type)] }
    if case .one(let parts)? = Self.singleElements[attribute] { return parts }
    return [:]
  }

  // MARK: Writing

  /// The record of a user: the fields of all attributes that it has, and no others.
  func record(_ user: JSONObject) -> JSONObject {
    var record = JSONObject()
    for attribute in attributes {
      let holder = attribute.schema.map { user[$0]?.object ?? [:] } ?? user
      guard let value = holder[attribute.attribute] else { continue }
      for member in values(of: attribute, set: value) { record[member.key] = member.value }
    }
    return record
  }

  /// The attributes that have fields, in the order of these.
  var attributes: [AttributePath] {
    var seen: Set<AttributePath> = []
    return fields.map(\.attribute).filter { seen.insert($0).inserted }
  }

  /// The fields of an attribute that is set to a value; nil and null empty them. Of a complex attribute only the parts that
  /// the value states are set.
  func values(of attribute: AttributePath, set value: JSONValue?) -> JSONObject {
    let own = fields.filter { $0.attribute.isSame(as: attribute) }
    var values = JSONObject()
    let elements = elementLimits[attribute.attribute].map { $0.fitting(value?.array ?? value.map { [$0] } ?? []) }
    for field in own {
      switch field.place {
      case .attribute(let path):
        guard let part = path.subAttribute else {
          values[field.name] = field.fieldValue(value)
          continue
        }
        let object = value?.object
        if object == nil || object?[part] != nil { values[field.name] = field.fieldValue(object?[part]) }
      case .element(_, let type, let part):
        let element = elements?.first { type == nil || $0["type"]?.string == type }
        values[field.name] = field.fieldValue(element?[part])
      }
    }
    return values
  }
}

extension AttributePath {
  /// Whether both name the same attribute, however it is spelt; the URN of the core schema says nothing.
  func isSame(as other: AttributePath) -> Bool {
    func urn(_ path: AttributePath) -> String? {
      path.schema.flatMap { $0.lowercased() == SchemaURN.user.lowercased() ? nil : $0.lowercased() }
    }
    return attribute.lowercased() == other.attribute.lowercased() && urn(self) == urn(other)
  }
}

extension UserField {
  /// What a record holds, as the attribute tells it; nil for nothing.
  fileprivate func attributeValue(_ value: JSONValue?) -> JSONValue? {
    switch (form, value) {
    case (_, nil), (_, .null?), (_, .string("")?): nil
    case (.languageTag, .string(let text)?): .string(text.replacing("_", with: "-"))
    case (_, let value?): value
    }
  }

  /// What the attribute says, as the record is to hold it.
  fileprivate func fieldValue(_ value: JSONValue?) -> JSONValue {
    switch (form, value) {
    case (_, nil), (_, .null?), (_, .string("")?): .null
    case (.languageTag, .string(let text)?): .string(text.replacing("-", with: "_"))
    case (.flag, .string(let text)?): Bool(text.lowercased()).map(JSONValue.bool) ?? .string(text)
    case (.text, .number(let number)?): .string(number.literal)
    case (_, let value?): value
    }
  }
}

extension JSONObject {
  fileprivate mutating func set(_ path: AttributePath, to value: JSONValue) {
    var holder = path.schema.map { self[$0]?.object ?? [:] } ?? self
    if let part = path.subAttribute {
      var complex = holder[path.attribute]?.object ?? [:]
      complex[part] = value
      holder[path.attribute] = .object(complex)
    } else {
      holder[path.attribute] = value
    }
    if let schema = path.schema { self[schema] = .object(holder) } else { self = holder }
  }

  /// Sets a part of the element that says what the template says; adds one when there is none.
  fileprivate mutating func setPart(
    _ part: String, of attribute: String, element template: JSONObject, to value: JSONValue
  ) {
    var elements = self[attribute]?.array ?? []
    let index = elements.firstIndex { $0["type"] == template["type"] } ?? elements.endIndex
    if index == elements.endIndex { elements.append(.object(template)) }
    var element = elements[index].object ?? [:]
    element[part] = value
    elements[index] = .object(element)
    self[attribute] = .array(elements)
  }
}
