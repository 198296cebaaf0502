import JSON

extension Schema {
  /// The resource at `/Schemas/{urn}` (RFC 7643 section 7), with a relative location.
  package var json: JSONObject {
    [
      "schemas": [.string(SchemaURN.schema)],
      "id": .string(id), "name": .string(name), "description": .string(description),
      "attributes": .array(attributes.map { .object($0.json) }),
      "meta": ["resourceType": "Schema", "location": .string("/Schemas/\(id)")],
    ]
  }

  /// Reads a schema; nil when it has no URN to be known by.
  package init?(_ json: JSONObject) {
    guard let id = json.text("id"), !id.isEmpty else { return nil }
    self.init(
      id: id, name: json.text("name") ?? "", description: json.text("description") ?? "",
      attributes: Attribute.list(json.value(ignoringCase: "attributes")))
  }
}

extension Attribute {
  /// Every characteristic is written out, as RFC 7643 section 8.7.1 does.
  package var json: JSONObject {
    var json: JSONObject = [
      "name": .string(name), "type": .string(type.rawValue), "multiValued": .bool(isMultiValued),
      "description": .string(description), "required": .bool(isRequired),
    ]
    if !canonicalValues.isEmpty { json["canonicalValues"] = .array(canonicalValues.map(JSONValue.string)) }
    json["caseExact"] = .bool(isCaseExact)
    json["mutability"] = .string(mutability.rawValue)
    json["returned"] = .string(returned.rawValue)
    json["uniqueness"] = .string(uniqueness.rawValue)
    if !referenceTypes.isEmpty { json["referenceTypes"] = .array(referenceTypes.map(JSONValue.string)) }
    if !subAttributes.isEmpty { json["subAttributes"] = .array(subAttributes.map { .object($0.json) }) }
    return json
  }

  /// Reads an attribute; nil when it has no name.
  ///
  /// A characteristic that is missing or misspelled has its default (RFC 7643 section 2.2), an unknown type is a
  /// string. References, binary values and the identifiers of other resources are case exact whatever is said, by
  /// sections 2.3.6, 2.3.7 and 3.1: many endpoints copy the listing of section 8.7.1, which contradicts them.
  package init?(_ json: JSONObject) {
    guard let name = json.text("name"), !name.isEmpty else { return nil }
    let parts = Self.list(json.value(ignoringCase: "subAttributes"))
    let type = json.choice("type", DataType.allCases) ?? (parts.isEmpty ? .string : .complex)
    self.init(
      name, type, isMultiValued: json.flag("multiValued") ?? false, description: json.text("description") ?? "",
      isRequired: json.flag("required") ?? false, canonicalValues: json.texts("canonicalValues"),
      isCaseExact: type == .reference || type == .binary || json.flag("caseExact") ?? false,
      mutability: json.choice("mutability", Mutability.allCases) ?? .readWrite,
      returned: json.choice("returned", Returned.allCases) ?? .default,
      uniqueness: json.choice("uniqueness", Uniqueness.allCases) ?? .none,
      referenceTypes: json.texts("referenceTypes"), subAttributes: parts)
    makeIdentifierExact()
  }

  /// Makes the `value` that names another resource case exact, as every identifier is.
  package mutating func makeIdentifierExact() {
    guard namesResource, let index = subAttributes.firstIndex(where: { $0.name == "value" }) else { return }
    subAttributes[index].isCaseExact = true
  }

  fileprivate static func list(_ json: JSONValue?) -> [Attribute] {
    (json?.array ?? []).compactMap { $0.object.flatMap { Attribute($0) } }
  }
}

extension ResourceType {
  /// The resource at `/ResourceTypes/{name}` (RFC 7643 section 6), with a relative location.
  package var json: JSONObject {
    var json: JSONObject = [
      "schemas": [.string(SchemaURN.resourceType)],
      "id": .string(name), "name": .string(name), "endpoint": .string(endpoint),
      "description": .string(description), "schema": .string(schema),
    ]
    if !extensions.isEmpty {
      json["schemaExtensions"] = .array(
        extensions.map { ["schema": .string($0.schema), "required": .bool($0.isRequired)] })
    }
    json["meta"] = ["resourceType": "ResourceType", "location": .string("/ResourceTypes/\(name)")]
    return json
  }

  /// Reads a resource type; nil without a name, an endpoint or a schema. The endpoint gets the slash that some leave
  /// out.
  package init?(_ json: JSONObject) {
    guard let name = json.text("name") ?? json.text("id"), let endpoint = json.text("endpoint"),
      let schema = json.text("schema"), !name.isEmpty, !endpoint.isEmpty
    else { return nil }
    let extensions = (json.value(ignoringCase: "schemaExtensions")?.array ?? []).compactMap { element -> Extension? in
      guard let entry = element.object, let urn = entry.text("schema") else { return nil }
      return Extension(schema: urn, isRequired: entry.flag("required") ?? false)
    }
    self.init(
      name: name, endpoint: endpoint.hasPrefix("/") || endpoint.contains("://") ? endpoint : "/\(endpoint)",
      description: json.text("description") ?? "", schema: schema, extensions: extensions)
  }
}

extension SchemaCatalog {
  /// Reads a peer's `/ResourceTypes` and `/Schemas`: list responses, bare arrays or a single resource. What cannot be
  /// read is left out, since one odd entry must not hide the others.
  package init(resourceTypes: JSONValue, schemas: JSONValue) {
    self.init(
      resourceTypes: resourceTypes.listed.compactMap { ResourceType($0) },
      schemas: schemas.listed.compactMap { Schema($0)?.recognized })
  }
}

extension JSONValue {
  fileprivate var listed: [JSONObject] {
    switch self {
    case .array(let elements): elements.compactMap(\.object)
    case .object(let object): object.value(ignoringCase: "Resources")?.array?.compactMap(\.object) ?? [object]
    case .null, .bool, .number, .string: []
    }
  }
}

extension JSONObject {
  fileprivate func text(_ name: String) -> String? { value(ignoringCase: name)?.string }

  fileprivate func flag(_ name: String) -> Bool? {
    let value = value(ignoringCase: name)
    return value?.bool ?? value?.string.flatMap { Bool($0.lowercased()) }
  }

  fileprivate func texts(_ name: String) -> [String] { value(ignoringCase: name)?.array?.compactMap(\.string) ?? [] }

  /// One of the words of an enumeration, in any case.
  fileprivate func choice<Word: RawRepresentable<String>>(_ name: String, _ words: [Word]) -> Word? {
    guard let text = text(name) else { return nil }
    return words.first { $0.rawValue == text } ?? words.first { $0.rawValue.lowercased() == text.lowercased() }
  }
}
