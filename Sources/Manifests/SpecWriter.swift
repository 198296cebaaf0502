import JSON
import Reconciliation
import SCIM

/// Writes the attributes of one live resource as the `spec` of a manifest.
struct SpecWriter {
  let catalog: SchemaCatalog
  let names: ImportedNames

  func spec(_ resource: Resource, _ kind: String) -> JSONObject {
    guard let type = catalog.resourceType(kind), let schema = catalog.schema(type.schema) else {
      return untyped(resource.attributes)
    }
    let lists = Set(["User", "Group"].compactMap { catalog.membershipAttribute(of: type, for: $0) })
    var spec = JSONObject()
    var extensions = JSONObject()
    for member in resource.attributes {
      if lists.contains(member.key) || isManifestName(schema.attribute(member.key)) { continue }
      if let attribute = Schema.common.attribute(member.key) ?? schema.attribute(member.key) {
        if member.key != "schemas" { spec[attribute.name] = value(member.value, attribute) }
      } else if member.key.hasPrefix("urn:") {
        extensions[member.key] = extensionValue(member)
      }
    }
    spec["enterprise"] = extensions[SchemaURN.enterpriseUser]
    extensions[SchemaURN.enterpriseUser] = nil
    if !extensions.isEmpty { spec["extensions"] = .object(extensions) }
    spec["members"] = members(lists.sorted().flatMap { resource[$0]?.array ?? [] })
    return spec
  }

  private func isManifestName(_ attribute: Attribute?) -> Bool {
    attribute?.name == "name" && attribute?.type == .string && attribute?.mutability == .immutable
  }

  private func extensionValue(_ member: JSONObject.Member) -> JSONValue? {
    guard let schema = catalog.schema(member.key) else { return escaped(member.value) }
    return member.value.object.flatMap { nonEmpty(object($0, schema.attributes)) }
  }

  /// What a manifest says for the value of an attribute; nil when it says nothing.
  private func value(_ value: JSONValue, _ attribute: Attribute) -> JSONValue? {
    guard attribute.mutability == .readWrite || attribute.mutability == .immutable, attribute.name != "$ref" else {
      return nil
    }
    guard attribute.isMultiValued else { return single(value, attribute) }
    let items = (value.array ?? [value]).compactMap { single($0, attribute) }
    return items.isEmpty ? nil : .array(items)
  }

  private func single(_ value: JSONValue, _ attribute: Attribute) -> JSONValue? {
    switch (attribute.type, value) {
    case (_, .null): nil
    case (.complex, .object(let parts)): reference(parts, attribute) ?? nonEmpty(object(parts, attribute.subAttributes))
    // Some servers shorten `{value: x}` to `x`.
    case (.complex, _): attribute.isMultiValued ? .object(["value": escaped(value)]) : nil
    case (.boolean, .string(let text)): YAMLScalar.boolean(text.lowercased()).map(JSONValue.bool)
    case (.string, .number), (.string, .bool): .string(value.text)
    default: escaped(value)
    }
  }

  private func object(_ object: JSONObject, _ attributes: [Attribute]) -> JSONObject {
    var result = JSONObject()
    for member in object {
      guard let attribute = attributes.first(where: { $0.name.lowercased() == member.key.lowercased() }) else {
        continue
      }
      if attribute.name == "primary", single(member.value, attribute) == false { continue }
      result[attribute.name] = value(member.value, attribute)
    }
    return result
  }

  /// The name of the document that a reference such as `manager` leads to, when there is one.
  private func reference(_ object: JSONObject, _ attribute: Attribute) -> JSONValue? {
    guard let kind = attribute.referencedTypes.first, let key = object["value"]?.string.flatMap(names.key),
      key.kind == kind
    else { return nil }
    return .string(key.name)
  }

  /// Who belongs to a group or role. Members that no document describes are left alone.
  private func members(_ values: [JSONValue]) -> JSONValue? {
    guard !values.isEmpty else { return nil }
    let keys = Set(values.compactMap { $0["value"]?.string.flatMap(names.key) }).sorted()
    let refs = JSONValue.array(
      keys.map { $0.kind == "User" ? .string($0.name) : [$0.kind.lowercased(): .string($0.name)] })
    if keys.count == values.count { return refs }
    return ["mode": .string(DesiredMembers.Mode.atLeast.rawValue), "refs": refs]
  }

  private func untyped(_ attributes: JSONObject) -> JSONObject {
    JSONObject(
      uniqueMembers: attributes.members.filter { !["id", "meta", "schemas"].contains($0.key) }.map {
        JSONObject.Member(key: $0.key, value: escaped($0.value))
      })
  }

  private func nonEmpty(_ object: JSONObject) -> JSONValue? { object.isEmpty ? nil : .object(object) }

  /// The value with `${` written as `$${`, so that nothing in it is taken for a variable.
  private func escaped(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text.escapingVariables)
    case .array(let items): .array(items.map(escaped))
    case .object(let object):
      .object(JSONObject(uniqueMembers: object.members.map { .init(key: $0.key, value: escaped($0.value)) }))
    default: value
    }
  }
}
