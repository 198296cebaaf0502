import JSON

/// The resource types and schemas that one place knows: ours, or what an endpoint advertises.
package struct SchemaCatalog: Hashable, Sendable {
  package private(set) var resourceTypes: [ResourceType]
  package private(set) var schemas: [String: Schema]

  package init(resourceTypes: [ResourceType], schemas: [Schema]) {
    self.resourceTypes = resourceTypes
    self.schemas = Dictionary(schemas.map { ($0.id.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The resource type of this name (`User`), compared without regard to case.
  package func resourceType(_ name: String) -> ResourceType? {
    resourceTypes.first { $0.name == name } ?? resourceTypes.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The schema with this URN, compared without regard to case.
  package func schema(_ urn: String) -> Schema? { schemas[urn.lowercased()] }

  /// The core schema and then the extension schemas of a resource type, as far as they are known.
  package func schemas(of type: ResourceType) -> [Schema] {
    ([type.schema] + type.extensions.map(\.schema)).compactMap(schema)
  }
}
