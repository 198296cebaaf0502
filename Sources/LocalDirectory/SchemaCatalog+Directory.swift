import SCIM

extension SchemaCatalog {
  /// What the embedded directory holds and advertises: the standard catalog, told as it is here. A user's `roles` follow
  /// from the Role resources, so they cannot be written through the user.
  package static let directory: SchemaCatalog = {
    let schemas = standard.schemas.values.map { schema in
      guard schema.id == SchemaURN.user else { return schema }
      var user = schema
      user.attributes = user.attributes.map { $0.name == "roles" ? $0.told(as: .readOnly) : $0 }
      return user
    }
    return SchemaCatalog(resourceTypes: standard.resourceTypes, schemas: schemas)
  }()
}

extension Attribute {
  fileprivate func told(as mutability: Mutability) -> Attribute {
    var attribute = self
    attribute.mutability = mutability
    attribute.subAttributes = subAttributes.map { $0.told(as: mutability) }
    return attribute
  }
}
