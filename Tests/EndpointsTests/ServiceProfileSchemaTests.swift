import JSON
import SCIM
import Testing

@testable import Endpoints

/// The schemas of the manifests beside those that an endpoint tells of.
@Suite struct ServiceProfileSchemaTests {
  private static let urn = "urn:example:params:scim:schemas:badge:2.0:User"

  private static func badge(_ type: Attribute.DataType) -> SchemaExtension {
    SchemaExtension(Schema(id: urn, name: "Badge", attributes: [Attribute("badgeNumber", type)]), of: "User")
  }

  private func catalog(types: [ResourceType]?, schemas: [Schema]?) -> SchemaCatalog {
    let list = { (documents: [JSONObject]) -> JSONObject in ["Resources": .array(documents.map(JSONValue.object))] }
    return ServiceProfile(
      configuration: nil, resourceTypes: types.map { list($0.map(\.json)) },
      schemas: schemas.map { list($0.map(\.json)) },
      extensions: [Self.badge(.integer)]
    ).capabilities.catalog
  }

  private func users(_ extensions: [String]) -> ResourceType {
    ResourceType(
      name: "User", endpoint: "/Users", schema: SchemaURN.user, extensions: extensions.map { .init(schema: $0) })
  }

  @Test func anEndpointThatTellsNothingHoldsThem() throws {
    let catalog = catalog(types: nil, schemas: nil)
    #expect(catalog.schema(Self.urn) == Self.badge(.integer).schema)
    let users = try #require(catalog.resourceType("User"))
    #expect(users.extensions.map(\.schema) == [SchemaURN.enterpriseUser, Self.urn])
  }

  @Test func whatTheEndpointDescribesCounts() {
    let own = catalog(types: [users([Self.urn])], schemas: [Self.badge(.string).schema])
    #expect(own.schema(Self.urn) == Self.badge(.string).schema)
    let named = catalog(types: [users([Self.urn])], schemas: [Schema(id: SchemaURN.user, name: "User", attributes: [])])
    #expect(named.schema(Self.urn) == Self.badge(.integer).schema)
  }

  @Test func anEndpointThatNamesItsExtensionsHasNoOthers() {
    let catalog = catalog(types: [users([])], schemas: nil)
    #expect(catalog.resourceType("User")?.extensions == [])
  }
}
