import JSON
import SCIM
import Testing

/// What `/Schemas` tells of schemas that say more than RFC 7643 lets them.
struct AdvertisedSchemaTests {
  @Test func standardSchemasAreToldWhole() throws {
    for urn in [SchemaURN.user, SchemaURN.enterpriseUser, SchemaURN.group, SchemaURN.role] {
      let schema = try #require(SchemaCatalog.standard.schema(urn))
      #expect(schema.advertised == schema)
    }
  }

  @Test func oursAreToldAsDeepAsTheRFCAllows() throws {
    let schema = try #require(SchemaCatalog.standard.schema(SchemaURN.identityProvider)).advertised
    #expect(schema.attribute("authenticators")?.subAttribute("clientId") != nil)
    #expect(schema.attribute("authenticators")?.subAttribute("clientSecret") == nil)
    #expect(schema.attribute("authenticators")?.description.hasSuffix("it takes clientSecret and tls.") == true)
    #expect(schema.attribute("provisioning")?.subAttributes.map(\.name) == ["blocking"])
    #expect(schema.attribute("roles") == nil)
    #expect(schema.description.hasSuffix("it takes roles."))
    let provider = try #require(SchemaCatalog.standard.schema(SchemaURN.serviceProvider)).advertised
    #expect(
      provider.attributes.map(\.name) == ["name", "displayName", "inboundProvisioning", "outboundProvisioning"])
  }

  /// A program that knows them reads the whole from a peer that tells a part.
  @Test func oursAreRecognized() throws {
    let told = SchemaCatalog.standard.schemas.values.map { JSONValue.object($0.advertised.json) }
    let types = SchemaCatalog.standard.resourceTypes.map { JSONValue.object($0.json) }
    let read = SchemaCatalog(resourceTypes: .array(types), schemas: .array(told))
    for urn in [SchemaURN.identityProvider, SchemaURN.serviceProvider] {
      #expect(read.schema(urn) == SchemaCatalog.standard.schema(urn))
    }
  }
}
