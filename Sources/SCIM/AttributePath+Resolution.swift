import JSON

extension AttributePath {
  /// The definition of what the path names, the sub-attribute when it has one; nil when the catalog does not know it.
  package func resolve(in type: ResourceType, catalog: SchemaCatalog) -> Attribute? {
    let parent = resolveParent(in: type, catalog: catalog)
    return subAttribute.map { parent?.subAttribute($0) } ?? parent
  }

  /// The definition of the attribute, whether or not the path goes on to a sub-attribute.
  package func resolveParent(in type: ResourceType, catalog: SchemaCatalog) -> Attribute? {
    if isCore(in: type) {
      return catalog.schema(type.schema)?.attribute(attribute) ?? Schema.common.attribute(attribute)
    }
    guard let schema else { return nil }
    let isExtension = type.extensions.contains { $0.schema.isEqual(ignoringCase: schema) }
    return isExtension ? catalog.schema(schema)?.attribute(attribute) : nil
  }

  /// Whether the attribute stands in the resource itself rather than in the object of an extension.
  ///
  /// Without a resource type, a URN is an extension's unless it says `core`.
  package func isCore(in type: ResourceType?) -> Bool {
    guard let schema else { return true }
    return type.map { $0.schema.isEqual(ignoringCase: schema) } ?? schema.lowercased().contains(":core:")
  }
}
