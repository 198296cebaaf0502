extension Schema {
  /// The attributes that every resource has and no schema lists (RFC 7643 sections 3 and 3.1). They have no URN.
  package static let common = Schema(
    id: "", name: "Common", description: "Common attributes",
    attributes: [
      Attribute(
        "schemas", .reference, isMultiValued: true, description: "The URNs of the schemas in use.", isRequired: true,
        isCaseExact: true, returned: .always, referenceTypes: ["uri"]),
      Attribute(
        "id", description: "The identifier that the service provider assigned.", isCaseExact: true,
        mutability: .readOnly, returned: .always, uniqueness: .server),
      Attribute("externalId", description: "The identifier that the provisioning client uses.", isCaseExact: true),
      .complex("meta", "Resource metadata.", mutability: .readOnly, metaAttributes),
    ])

  private static let metaAttributes = [
    Attribute("resourceType", description: "The resource type.", isCaseExact: true, mutability: .readOnly),
    Attribute("created", .dateTime, description: "When the resource was added.", mutability: .readOnly),
    Attribute("lastModified", .dateTime, description: "When the resource was last changed.", mutability: .readOnly),
    Attribute(
      "location", .reference, description: "The URI of the resource.", isCaseExact: true, mutability: .readOnly,
      referenceTypes: ["uri"]),
    Attribute("version", description: "The entity tag.", isCaseExact: true, mutability: .readOnly),
  ]
}
