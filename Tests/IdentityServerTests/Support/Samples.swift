import JSON
import SCIM

extension SchemaCatalog {
  /// The least that a resource of this type must have, with a name of its own.
  func sample(of type: ResourceType, named name: String) -> JSONObject {
    var sample = Self.values(of: schema(type.schema)?.attributes ?? [], named: name)
    sample["externalId"] = .string("external-\(name)")
    return sample
  }

  private static func values(of attributes: [Attribute], named name: String) -> JSONObject {
    var object = JSONObject()
    for attribute in attributes where attribute.isRequired && attribute.mutability != .readOnly {
      let value = value(of: attribute, named: name)
      object[attribute.name] = attribute.isMultiValued ? .array([value]) : value
    }
    return object
  }

  private static func value(of attribute: Attribute, named name: String) -> JSONValue {
    switch attribute.type {
    case .boolean: true
    case .integer, .decimal: 1
    case .dateTime: "2026-01-01T00:00:00Z"
    case .complex: .object(values(of: attribute.subAttributes, named: name))
    case .string, .reference, .binary: .string(attribute.canonicalValues.first ?? name)
    }
  }
}
