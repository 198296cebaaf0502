import JSON
import SCIM
import Testing

@Suite struct StandardCatalogTests {
  private let catalog = SchemaCatalog.standard

  /// Where we say something else than RFC 7643 section 8.7.1, and why.
  private let deviations: Set<String> = [
    "addresses.primary boolean",  // used by the RFC's own examples
    "displayName string required",  // of groups: REQUIRED in section 4.2
    "members.display string readOnly",  // section 2.4
  ]

  @Test(arguments: [
    (SchemaURN.user, RFCSchemas.user), (SchemaURN.group, RFCSchemas.group),
    (SchemaURN.enterpriseUser, RFCSchemas.enterpriseUser),
  ])
  func hasEveryAttributeOfTheRFC(_ urn: String, _ listing: String) throws {
    let ours = Set(try #require(catalog.schema(urn)).attributes.flatMap { lines($0) })
    let theirs = Set(listing.split(separator: "\n").map(String.init))
    #expect(ours.subtracting(theirs).subtracting(deviations).isEmpty)
    #expect(theirs.subtracting(ours).allSatisfy { deviations.contains("\($0) required") })
  }

  private func lines(_ attribute: Attribute, prefix: String = "") -> [String] {
    var words = ["\(prefix)\(attribute.name)", attribute.type.rawValue + (attribute.isMultiValued ? "[]" : "")]
    if attribute.isRequired { words.append("required") }
    if attribute.mutability != .readWrite { words.append(attribute.mutability.rawValue) }
    if attribute.returned != .default { words.append(attribute.returned.rawValue) }
    if attribute.uniqueness != .none { words.append(attribute.uniqueness.rawValue) }
    return [words.joined(separator: " ")]
      + attribute.subAttributes.flatMap { lines($0, prefix: "\(prefix)\(attribute.name).") }
  }

  @Test func membershipAttributes() throws {
    let group = try #require(catalog.resourceType("Group"))
    let role = try #require(catalog.resourceType("Role"))
    let user = try #require(catalog.resourceType("User"))
    #expect(catalog.membershipAttribute(of: group, for: "User") == "members")
    #expect(catalog.membershipAttribute(of: group, for: "Group") == "members")
    #expect(catalog.membershipAttribute(of: group, for: "Role") == nil)
    #expect(catalog.membershipAttribute(of: role, for: "User") == "users")
    #expect(catalog.membershipAttribute(of: role, for: "Group") == "groups")
    #expect(catalog.membershipAttribute(of: user, for: "Group") == nil)
  }

  @Test func membershipIsGuessedWhereTheSchemaDoesNotSay() throws {
    let schemas: JSONValue = [
      [
        "id": .string(SchemaURN.group), "name": "Group",
        "attributes": [["name": "members", "type": "complex", "multiValued": true]],
      ]
    ]
    let types: JSONValue = [["name": "Group", "endpoint": "Groups", "schema": .string(SchemaURN.group)]]
    let peer = SchemaCatalog(resourceTypes: types, schemas: schemas)
    let group = try #require(peer.resourceType("group"))
    #expect(group.endpoint == "/Groups")
    #expect(peer.membershipAttribute(of: group, for: "User") == "members")
    #expect(peer.membershipAttribute(of: group, for: "Device") == nil)
  }

  @Test func secretsAreNeverTold() throws {
    let connector = try #require(
      catalog.schema(SchemaURN.identityProvider)?.attribute("provisioning")?.subAttribute("connectors"))
    #expect(connector.subAttribute("password")?.mutability == .writeOnly)
    #expect(connector.subAttribute("password")?.returned == .never)
    let client = catalog.schema(SchemaURN.serviceProvider)?.attribute("inbound")?.subAttribute("openidconnect")
    #expect(client?.subAttribute("clientSecret")?.mutability == .writeOnly)
  }

  @Test func ourOwnDiscoveryIsReadBack() {
    let types = ListResponse(resources: catalog.resourceTypes.map { Resource($0.json) }).json
    let schemas = JSONValue.array(catalog.schemas.values.map { .object($0.json) })
    #expect(SchemaCatalog(resourceTypes: .object(types), schemas: schemas) == catalog)
  }

  @Test func oddEntriesDoNotHideTheOthers() throws {
    let schemas: JSONValue = [
      "nonsense", ["name": "no URN"],
      [
        "id": "urn:x:Thing",
        "attributes": [
          ["type": "string"], ["name": "size", "type": "BigInteger", "mutability": "ReadOnly"],
          ["name": "link", "type": "reference", "caseExact": false],
          ["name": "part", "subAttributes": [["name": "value"]]],
        ],
      ],
    ]
    let thing = try #require(SchemaCatalog(resourceTypes: .null, schemas: schemas).schema("URN:X:thing"))
    #expect(thing.attributes.map(\.name) == ["size", "link", "part"])
    #expect(thing.attribute("size")?.type == .string && thing.attribute("size")?.mutability == .readOnly)
    #expect(thing.attribute("link")?.isCaseExact == true)
    #expect(thing.attribute("part")?.type == .complex)
  }
}
