import JSON
import SCIM
import SeededRandom

/// Values that fit a schema, and patches that fit it more or less.
struct RandomResources {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func resource(of type: ResourceType, in catalog: SchemaCatalog) -> JSONObject {
    var resource = object(catalog.schema(type.schema)?.attributes ?? [])
    for urn in type.extensions.map(\.schema) where Bool.random(using: &generator) {
      resource[urn] = .object(object(catalog.schema(urn)?.attributes ?? []))
    }
    return resource
  }

  private mutating func object(_ attributes: [Attribute]) -> JSONObject {
    var object = JSONObject()
    for attribute in attributes where attribute.isRequired || Int.random(in: 0..<3, using: &generator) == 0 {
      object[attribute.name] = value(of: attribute)
    }
    return object
  }

  mutating func value(of attribute: Attribute) -> JSONValue {
    guard attribute.isMultiValued else { return single(attribute) }
    var elements = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in single(attribute) }
    // One primary value at most.
    for index in elements.indices.dropFirst() {
      guard var object = elements[index].object, object["primary"] != nil else { continue }
      object["primary"] = nil
      elements[index] = .object(object)
    }
    return .array(elements)
  }

  private mutating func single(_ attribute: Attribute) -> JSONValue {
    switch attribute.type {
    case .complex: .object(object(attribute.subAttributes))
    case .boolean: .bool(Bool.random(using: &generator))
    case .integer, .decimal: .number(JSONNumber(Int.random(in: 0..<100, using: &generator)))
    case .dateTime: "2026-01-05T08:00:00Z"
    case .binary: "MIID"
    case .string, .reference: word()
    }
  }

  private mutating func word() -> JSONValue {
    .string(["a", "B", "work", "home", "é", ""].randomElement(using: &generator) ?? "a")
  }

  mutating func operation(on type: ResourceType, in catalog: SchemaCatalog) -> PatchOperation {
    let verb: PatchOperation.Verb = [.add, .replace, .remove].randomElement(using: &generator) ?? .add
    let schema = catalog.schemas(of: type).randomElement(using: &generator)
    guard let schema, let attribute = schema.attributes.randomElement(using: &generator) else {
      return PatchOperation(verb)
    }
    var path = AttributePath(schema: schema.id == type.schema ? nil : schema.id, attribute.name)
    if Int.random(in: 0..<3, using: &generator) == 0 {
      path.valueFilter = .compare(AttributePath("type"), .equal, word())
    }
    if Int.random(in: 0..<3, using: &generator) == 0 {
      path.subAttribute = attribute.subAttributes.randomElement(using: &generator)?.name
    }
    let named = path.subAttribute.flatMap(attribute.subAttribute) ?? attribute
    let value = Int.random(in: 0..<8, using: &generator) == 0 ? noise() : value(of: named)
    if Int.random(in: 0..<6, using: &generator) == 0 {
      return PatchOperation(verb, value: .object([path.description: value]))
    }
    return PatchOperation(verb, path, value: value)
  }

  private mutating func noise() -> JSONValue {
    let values: [JSONValue] = [nil, true, 3, "True", [], [:], [[nil]], [["value": ["value": 1]]], ["type": "work"]]
    return values.randomElement(using: &generator) ?? nil
  }
}
