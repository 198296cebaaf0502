import SCIM

/// The resource types that an organisation holds, by the fields that it has.
enum SalesforceCatalog {
  /// - Parameter readOnly: the names of fields that we may read and not write.
  static func catalog(_ mapping: UserMapping, readOnly: Set<String> = []) -> SchemaCatalog {
    let standard = SchemaCatalog.standard
    let urns = [SchemaURN.user, SchemaURN.enterpriseUser, UserField.extensionURN]
    let users = urns.compactMap { urn in
      (urn == UserField.extensionURN ? ownSchema : standard.schema(urn))?.holding(mapping, readOnly)
    }
    return SchemaCatalog(
      resourceTypes: [
        ResourceType(
          name: "User", endpoint: "/Users", description: "User", schema: SchemaURN.user,
          extensions: users.dropFirst().map { .init(schema: $0.id) })
      ] + [Membership.publicGroups, .permissionSets].map(\.resourceType),
      schemas: users + [Membership.publicGroups, .permissionSets].map(\.schema))
  }

  private static let ownSchema = Schema(
    id: UserField.extensionURN, name: "SalesforceUser", description: "What only users of Salesforce have",
    attributes: [
      Attribute("alias", description: "A short name of at most eight characters."),
      Attribute("profile", description: "The name of the profile, which says what the user may do.", isCaseExact: true),
      Attribute("emailEncoding", description: "The character set of outgoing e-mail, e.g., 'UTF-8'."),
    ])
}

extension Schema {
  /// Itself with the attributes that the mapping has fields for.
  fileprivate func holding(_ mapping: UserMapping, _ readOnly: Set<String>) -> Schema {
    var schema = self
    schema.attributes = attributes.compactMap { attribute in
      let path = AttributePath(schema: id, attribute.name)
      return attribute.holding(mapping.fields.filter { $0.attribute.isSame(as: path) }, readOnly)
    }
    return schema
  }
}

extension Attribute {
  /// Itself as far as there are fields for it; nil when there are none. A password has no field, but a call of its own.
  fileprivate func holding(_ fields: [UserField], _ readOnly: Set<String>) -> Attribute? {
    if mutability == .writeOnly { return self }
    guard !fields.isEmpty else { return nil }
    var held = self
    held.isRequired = isRequired || fields.contains { $0.isRequired && $0.part.map { $0 == "value" } ?? true }
    if fields.allSatisfy({ readOnly.contains($0.name) }) { held.mutability = .readOnly }
    guard type == .complex else { return held }
    let parts = Set(fields.compactMap(\.part))
    let isTyped = fields.contains { if case .element(_, let type, _) = $0.place { type != nil } else { false } }
    let told = parts.union(name == "emails" ? ["type", "primary"] : isTyped ? ["type"] : ["$ref"])
    held.subAttributes = subAttributes.filter { told.contains($0.name) }.map { part in
      var part = part
      part.isRequired = part.isRequired || fields.contains { $0.part == part.name && $0.isRequired }
      return part
    }
    return held
  }
}
