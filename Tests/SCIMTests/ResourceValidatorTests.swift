import JSON
import SCIM
import Testing

@Suite struct ResourceValidatorTests {
  private func validator(
    _ name: String = "User", unknown: ResourceValidator.UnknownAttributes = .dropped
  ) throws -> ResourceValidator {
    let type = try #require(SchemaCatalog.standard.resourceType(name))
    return ResourceValidator(type: type, catalog: .standard, unknown: unknown)
  }

  @Test func namesEveryProblem() throws {
    let problems = try validator(unknown: .refused).validate([
      "active": "maybe", "emails": [["value": 1], ["value": "a", "primary": true], ["primary": true]],
      "title": ["a", "b"], "shoeSize": 43, SchemaURN.enterpriseUser: ["manager": [1, 2], "costCenter": true],
      "x509Certificates": [["value": "not base64!"]],
    ])
    #expect(
      Set(problems.map(\.path)) == [
        "active", "emails[0].value", "emails", "title", "shoeSize", "userName", "x509Certificates[0].value",
        "\(SchemaURN.enterpriseUser):manager", "\(SchemaURN.enterpriseUser):costCenter",
      ])
    #expect(problems.map(\.description).contains("emails[0].value must be a string."))
  }

  @Test func unknownAttributes() throws {
    let user: JSONObject = ["userName": "a", "shoeSize": 43]
    #expect(try validator().normalized(user)["shoeSize"] == nil)
    #expect(try validator(unknown: .kept).normalized(user)["shoeSize"] == 43)
    #expect(throws: SCIMError.self) { try validator(unknown: .refused).normalized(user) }
  }

  @Test func spellsAndCleans() throws {
    let result = try validator().normalized([
      "USERNAME": "a", "id": "1", "nickname": .null, "Emails": "a@example.com", "ACTIVE": "True", "roles": [],
      SchemaURN.enterpriseUser.lowercased(): ["Manager": "26"],
    ])
    #expect(
      result == [
        "schemas": [.string(SchemaURN.user), .string(SchemaURN.enterpriseUser)], "userName": "a",
        "emails": [["value": "a@example.com"]], "active": true,
        SchemaURN.enterpriseUser: ["manager": ["value": "26"]],
      ])
  }

  @Test func twoSpellingsOfOneName() throws {
    #expect(throws: SCIMError.self) { try validator().normalized(["userName": "a", "username": "b"]) }
  }

  @Test func requiredPartsOfNestedValues() throws {
    let problems = try validator("IdentityProvider").validate([
      "name": "is2", "provisioning": ["connectors": [["type": "scim1"]]],
    ])
    #expect(problems.map(\.path) == ["provisioning.connectors[0].name"])
  }

  @Test func replacingKeepsWhatIsImmutable() throws {
    let provider = try validator("IdentityProvider")
    let current: JSONObject = ["name": "is2", "enabled": true]
    #expect(try provider.normalized(["name": "is2", "enabled": false], replacing: current)["enabled"] == false)
    #expect { try provider.normalized(["name": "is3"], replacing: current) } throws: {
      ($0 as? SCIMError)?.kind == .mutability
    }
  }

  @Test func whatIsImmutableNeedNotBeTold() throws {
    let urn = "urn:example:badge"
    let badge = Schema(
      id: urn, name: "Badge",
      attributes: [
        Attribute("issued", mutability: .immutable), Attribute("colour"),
        Attribute("office", .complex, subAttributes: [Attribute("site", mutability: .immutable), Attribute("room")]),
      ])
    let users = try #require(SchemaCatalog.standard.resourceType("User"))
    let type = ResourceType(
      name: users.name, endpoint: users.endpoint, schema: users.schema, extensions: [.init(schema: urn)])
    let catalog = SchemaCatalog(
      resourceTypes: [type], schemas: Array(SchemaCatalog.standard.schemas.values) + [badge])
    let validator = ResourceValidator(type: type, catalog: catalog)
    let current: JSONObject = [
      "userName": "ann", urn: ["issued": "2026", "colour": "red", "office": ["site": "A", "room": "1"]],
    ]
    let bare = try validator.normalized(["userName": "ann"], replacing: current)
    #expect(bare[urn] == ["issued": "2026", "office": ["site": "A"]])
    #expect(bare["schemas"] == [.string(users.schema), .string(urn)])
    let moved = try validator.normalized(
      ["userName": "ann", urn: ["office": ["room": "2"]]], replacing: current)
    #expect(moved[urn]?["office"] == ["room": "2", "site": "A"])
    #expect { try validator.normalized(["userName": "ann"], replacing: current, isWhole: true) } throws: {
      ($0 as? SCIMError)?.kind == .mutability
    }
  }

  @Test func tellsOfTheFirstHundredProblems() throws {
    let emails = JSONValue.array((0..<5000).map { .number(JSONNumber($0)) }.map { ["value": $0] })
    #expect(try validator().validate(["userName": "a", "emails": emails]).count == 100)
  }
}
