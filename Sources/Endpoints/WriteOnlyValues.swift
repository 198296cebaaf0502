import JSON
import SCIM

/// Finds the values that a resource type never shows (RFC 7643 section 7, `writeOnly`), so that no message repeats them.
struct WriteOnlyValues {
  /// The core schema and the extensions of the resource type.
  let schemas: [Schema]

  func texts(in attributes: JSONObject) -> [String] {
    attributes.flatMap { texts(in: $0.value, of: attribute($0.key)) }
  }

  func texts(in operation: PatchOperation) -> [String] {
    guard let value = operation.value else { return [] }
    guard let path = operation.path else { return value.object.map { texts(in: $0) } ?? [] }
    let known = path.schema.flatMap(attribute)?.subAttribute(path.attribute) ?? attribute(path.attribute)
    return texts(in: value, of: path.subAttribute.flatMap { known?.subAttribute($0) } ?? known)
  }

  /// An attribute of any of the schemas; the URN of a schema stands for all of its attributes.
  private func attribute(_ name: String) -> Attribute? {
    if let whole = schemas.first(where: { $0.id.isEqual(ignoringCase: name) }) {
      return Attribute(name, .complex, subAttributes: whole.attributes)
    }
    return schemas.lazy.compactMap { $0.attribute(name) }.first
  }

  private func texts(in value: JSONValue, of attribute: Attribute?) -> [String] {
    guard let attribute else { return [] }
    switch value {
    case .string(let text): return attribute.mutability == .writeOnly ? [text] : []
    case .array(let values): return values.flatMap { texts(in: $0, of: attribute) }
    case .object(let object): return object.flatMap { texts(in: $0.value, of: attribute.subAttribute($0.key)) }
    case .null, .bool, .number: return []
    }
  }
}
