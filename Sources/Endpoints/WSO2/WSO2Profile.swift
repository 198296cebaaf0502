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
      standard.schema(SchemaURN.serviceProvider)?.asApplicationsAreKept,
    ].compactMap { $0 }
    let others = told.catalog.schemas.sorted { $0.key < $1.key }.map(\.value)
    var capabilities = told
    capabilities.catalog = SchemaCatalog(
      resourceTypes: [users].compactMap { $0 }
        + ["Group", "Role", "IdentityProvider", "ServiceProvider"].compactMap(standard.resourceType),
      schemas: adjusted + others)
    // A bulk request is not carried out in its order there, and no reference in it is resolved.
    capabilities.supportsBulk = false
    capabilities.supportsEntityTags = false
    capabilities.elementLimits = [
      "IdentityProvider": [
        "authenticators": .oneOfEach(["openidconnect"]),
        "provisioning.connectors": .oneOfEach(WSO2ConnectorType.all.map(\.type)),
      ]
    ]
    // Roles have no external id there.
    capabilities.listedAttributes = ["Role": ["id", "externalId", "displayName"]]
    capabilities.permanentResources = [
      "ServiceProvider": .compare(AttributePath("name"), .equal, .string(WSO2Application.resident))
    ]
    self.capabilities = capabilities
  }
}
