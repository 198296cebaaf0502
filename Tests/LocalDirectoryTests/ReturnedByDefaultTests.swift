import JSON
import SCIM
import Testing

@testable import LocalDirectory

struct ReturnedByDefaultTests {
  private let catalog = SchemaCatalog.directory

  /// What is covered needs no projection: with every attribute of every type, one at a time.
  @Test func whatIsCoveredIsItsOwnStandardProjection() throws {
    var covered = 0
    for type in catalog.resourceTypes {
      let returned = ReturnedByDefault(type, catalog: catalog)
      let schema = try #require(catalog.schema(type.schema))
      for attribute in schema.attributes {
        let resource: JSONObject = ["id": "4711", attribute.name: Self.value(of: attribute)]
        guard returned.covers(resource) else { continue }
        covered += 1
        #expect(Projection.standard.applied(to: resource, of: type, catalog: catalog) == resource)
      }
    }
    #expect(covered > 30)
  }

  @Test func whatIsNeverReturnedIsNotCovered() throws {
    let users = try #require(catalog.resourceType("User"))
    let returned = ReturnedByDefault(users, catalog: catalog)
    #expect(returned.covers(["userName": "ann", SchemaURN.enterpriseUser: ["department": "Sales"]]))
    #expect(!returned.covers(["userName": "ann", "password": "secret"]))
    #expect(!returned.covers(["userName": "ann", "unheardOf": true]))
    #expect(!returned.covers(["userName": "ann", SchemaURN.enterpriseUser: [:]]))
  }

  private static func value(of attribute: Attribute) -> JSONValue {
    let value: JSONValue =
      attribute.type == .complex
      ? .object(JSONObject(attribute.subAttributes.map { ($0.name, Self.value(of: $0)) })) : "text"
    return attribute.isMultiValued ? [value] : value
  }
}
