import SCIM

extension SchemaCatalog {
  /// What the embedded directory holds and advertises: the standard catalog, told as it is here.
  ///
  /// A user's `roles` follow from the Role resources, so they cannot be written through the user. The names of members
  /// are returned on request only: what a client writes into `members` is what it reads there. What has members is told
  /// by its name, so no two have the same.
  package static let directory: SchemaCatalog = {
    let schemas = standard.schemas.values.map { schema in
      var schema = schema
      let hasMembers = schema.attributes.contains(where: \.listsMembers)
      schema.attributes = schema.attributes.map { attribute in
        if schema.id == SchemaURN.user, attribute.name == "roles" { return attribute.following("Role") }
        if hasMembers, attribute.name == "displayName" { return attribute.unique }
        return attribute.listsMembers ? attribute.tellingNamesOnRequest : attribute
      }
      return schema
    }
    return SchemaCatalog(resourceTypes: standard.resourceTypes, schemas: schemas)
  }()
}

extension Attribute {
  /// The attribute as one that the service provider computes from resources of a type.
  fileprivate func following(_ type: String) -> Attribute {
    var attribute = self
    attribute.subAttributes.append(
      Attribute(
        "$ref", .reference, description: "The URI of the corresponding \(type).", isCaseExact: true,
        referenceTypes: [type]))
    return attribute.told(as: .readOnly)
  }

  private func told(as mutability: Mutability) -> Attribute {
    var attribute = self
    attribute.mutability = mutability
    attribute.subAttributes = subAttributes.map { $0.told(as: mutability) }
    return attribute
  }

  fileprivate var unique: Attribute {
    var attribute = self
    attribute.uniqueness = .server
    return attribute
  }

  fileprivate var listsMembers: Bool { isMultiValued && namesResource && mutability != .readOnly }

  fileprivate var tellingNamesOnRequest: Attribute {
    var attribute = self
    attribute.subAttributes = subAttributes.map { part in
      var part = part
      if part.name == "display" { part.returned = .request }
      return part
    }
    return attribute
  }
}
