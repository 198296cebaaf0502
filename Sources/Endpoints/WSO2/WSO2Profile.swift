import JSON
import SCIM

/// What a WSO2 Identity Server says about itself, put right where it does otherwise than it says.
struct WSO2Profile: Sendable {
  let capabilities: Capabilities
  let mapping: WSO2ResourceMapping

  /// - Parameter told: what its discovery documents say: version 5.11 describes users alone.
  init(_ told: Capabilities) {
    let standard = SchemaCatalog.standard
    let users = told.catalog.resourceType("User") ?? standard.resourceType("User")
    let extensions = users.map { $0.extensions.compactMap { told.catalog.schema($0.schema) } } ?? []
    let locking = extensions.first { $0.attribute(WSO2ResourceMapping.disabled) != nil }
    mapping = WSO2ResourceMapping(lockSchema: locking?.id)

    let adjusted = [
      (told.catalog.schema(SchemaURN.user) ?? standard.schema(SchemaURN.user))?.asUsersAreKept,
      standard.schema(SchemaURN.group)?.withoutExternalId.withMembers(only: "User"),
      standard.schema(SchemaURN.role)?.withoutExternalId, locking?.withoutLock,
      standard.schema(SchemaURN.identityProvider)?.asIdentityProvidersAreKept,
    ].compactMap { $0 }
    let others = told.catalog.schemas.sorted { $0.key < $1.key }.map(\.value)
    var capabilities = told
    capabilities.catalog = SchemaCatalog(
      resourceTypes: [users].compactMap { $0 }
        + ["Group", "Role", "IdentityProvider"].compactMap(standard.resourceType),
      schemas: adjusted + others)
    // A bulk request is not carried out in its order there, and no reference in it is resolved.
    capabilities.supportsBulk = false
    capabilities.supportsEntityTags = false
    capabilities.elementLimits = ["IdentityProvider": ["authenticators": .one(["type": "openidconnect"])]]
    self.capabilities = capabilities
  }
}

extension Schema {
  /// The schema of users as the server keeps them, whatever it says.
  fileprivate var asUsersAreKept: Schema {
    var schema = self
    schema.attributes = attributes.map { attribute in
      var attribute = attribute
      // What roles and groups somebody is in follows from these; a user is never renamed.
      if ["roles", "groups"].contains(attribute.name) { attribute.mutability = .readOnly }
      if attribute.name == "userName" { attribute.mutability = .immutable }
      // It forgets which value of several is the primary one.
      if attribute.isMultiValued { attribute.subAttributes.removeAll { $0.name == "primary" } }
      return attribute
    }
    if attribute("active") == nil {
      schema.attributes.append(Attribute("active", .boolean, description: "The opposite of accountDisabled."))
    }
    return schema
  }

  /// The schema of identity providers without what the management API has no place for, and without connectors.
  fileprivate var asIdentityProvidersAreKept: Schema {
    let missing = [
      "authenticators": ["issuer", "tls"], "justInTimeProvisioning": ["attributeSync", "roleSync", "association"],
    ]
    var schema = self
    schema.attributes.removeAll { $0.name == "provisioning" }
    for index in schema.attributes.indices {
      let names = missing[schema.attributes[index].name] ?? []
      schema.attributes[index].subAttributes.removeAll { names.contains($0.name) }
    }
    return schema
  }

  /// What `active` stands for is not written under its own name.
  fileprivate var withoutLock: Schema {
    var schema = self
    for index in schema.attributes.indices where schema.attributes[index].name == WSO2ResourceMapping.disabled {
      schema.attributes[index].mutability = .readOnly
    }
    return schema
  }

  fileprivate var withoutExternalId: Schema {
    var schema = self
    schema.attributes.append(
      Attribute("externalId", description: "Not kept there.", isCaseExact: true, mutability: .readOnly))
    return schema
  }

  /// Groups of user stores hold users and no groups.
  fileprivate func withMembers(only type: String) -> Schema {
    var schema = self
    for index in schema.attributes.indices where schema.attributes[index].name == "members" {
      for part in schema.attributes[index].subAttributes.indices {
        let isReference = schema.attributes[index].subAttributes[part].name == "$ref"
        if isReference { schema.attributes[index].subAttributes[part].referenceTypes = [type] }
      }
    }
    return schema
  }
}
