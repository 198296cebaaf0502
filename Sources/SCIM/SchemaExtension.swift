import JSON

/// A schema that adds attributes to the resources of one type (RFC 7643 section 3.3).
package struct SchemaExtension: Hashable, Sendable {
  package var schema: Schema
  /// The name of the resource type that it extends: `User`.
  package var resourceType: String
  /// Whether every resource of the type must carry it (RFC 7643 section 6, `schemaExtensions.required`).
  package var isRequired: Bool

  package init(_ schema: Schema, of resourceType: String, isRequired: Bool = false) {
    self.schema = schema
    self.resourceType = resourceType
    self.isRequired = isRequired
  }

  /// The URN.
  package var id: String { schema.id }
}

extension SchemaExtension {
  /// The schema as it stands at `/Schemas`, with `extends` and `required` beside its attributes.
  package var json: JSONObject {
    var json = schema.json
    json["meta"] = nil
    json["extends"] = .string(resourceType)
    json["required"] = .bool(isRequired)
    return json
  }

  /// Reads what ``json`` wrote; nil when it lacks the URN or what it extends.
  package init?(_ json: JSONObject) {
    guard let schema = Schema(json), let type = json["extends"]?.string else { return nil }
    self.init(schema, of: type, isRequired: json["required"]?.bool ?? false)
  }
}

extension SchemaCatalog {
  /// This catalog with schemas added to its resource types.
  ///
  /// What is here already stays as it is, of two schemas with one URN the first counts, and a schema for a type that is
  /// not here is left out.
  package func extended(by extensions: [SchemaExtension]) -> SchemaCatalog {
    guard !extensions.isEmpty else { return self }
    var types = resourceTypes
    var added: [Schema] = []
    var taken = Set(schemas.keys)
    for item in extensions where taken.insert(item.id.lowercased()).inserted {
      guard let index = types.firstIndex(where: { $0.name == item.resourceType }) else { continue }
      types[index].extensions.append(ResourceType.Extension(schema: item.id, isRequired: item.isRequired))
      added.append(item.schema)
    }
    return SchemaCatalog(resourceTypes: types, schemas: Array(schemas.values) + added)
  }
}
