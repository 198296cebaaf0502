import JSON
import SCIM
import Testing

@Suite struct AttributePathTests {
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  private static let core = "urn:ietf:params:scim:schemas:core:2.0:User"

  private let work = Filter.compare(AttributePath("type"), .equal, "work")

  @Test func readsEveryForm() throws {
    #expect(try AttributePath(parsing: "userName") == AttributePath("userName"))
    #expect(try AttributePath(parsing: "name.givenName") == AttributePath("name", sub: "givenName"))
    #expect(try AttributePath(parsing: "members.$ref") == AttributePath("members", sub: "$ref"))
    #expect(try AttributePath(parsing: "emails[type eq \"work\"]") == AttributePath("emails", valueFilter: work))
    #expect(
      try AttributePath(parsing: "emails[ type EQ \"work\" ].value")
        == AttributePath("emails", valueFilter: work, sub: "value"))
    #expect(
      try AttributePath(parsing: "\(Self.enterprise):manager.displayName")
        == AttributePath(schema: Self.enterprise, "manager", sub: "displayName"))
    #expect(
      try AttributePath(parsing: "\(Self.core):emails[type eq \"work\"].value")
        == AttributePath(schema: Self.core, "emails", valueFilter: work, sub: "value"))
  }

  @Test(arguments: [
    "userName", "name.givenName", "emails[type eq \"work\"].value", "\(enterprise):manager.displayName", enterprise,
    "members[value eq \"a\\\"b\" and not (type eq \"Group\")]", "urn:example:2.0:Badge:number",
  ])
  func printsWhatItReads(_ text: String) throws {
    #expect(try AttributePath(parsing: text).description == text)
  }

  @Test(arguments: [
    "", " ", ".a", "a.", "a.b.c", "1a", "a b", "a[", "a[type eq \"x\"", "a[type eq \"x\"].",
    "a[type eq \"x\"]b", "a.b[c pr]",
    "a[b[c pr]]", "a[]", ":a", "x:a", "urn::a", "é", "a]", "a[b eq]", "a[b xx 1]", "a[b pr].c.d",
  ])
  func refuses(_ text: String) {
    let error = #expect(throws: SCIMError.self) { try AttributePath(parsing: text) }
    #expect(error?.status == 400)
    #expect(error?.detail.hasPrefix("column ") == true)
  }

  @Test func tellsAFaultInThePathFromOneInItsFilter() {
    let inPath = #expect(throws: SCIMError.self) { try AttributePath(parsing: "name.given name") }
    #expect(inPath == SCIMError(status: 400, .invalidPath, "column 11: expected the end of the path, found \" \""))
    let inFilter = #expect(throws: SCIMError.self) { try AttributePath(parsing: "emails[type is \"work\"]") }
    #expect(
      inFilter == SCIMError(status: 400, .invalidFilter, "column 13: expected an operator such as eq, found \"is\""))
  }

  // MARK: Values

  private let resource: JSONObject = [
    "userName": "bjensen", "nickName": .null, "name": ["givenName": "Barbara"],
    "emails": [
      ["value": "work@example.com", "type": "work"],
      ["value": "home@example.com", "type": "home"],
      ["type": "other"],
    ],
    "aliases": ["one", "two"],
    .init(stringLiteral: enterprise): ["department": "Sales", "manager": ["displayName": "John"]],
  ]

  @Test(
    arguments: [
      ("userName", ["bjensen"]), ("USERNAME", ["bjensen"]), ("nickName", []), ("absent", []),
      ("name.GivenName", ["Barbara"]),
      ("userName.value", ["bjensen"]), ("userName.other", []),
      ("emails.value", ["work@example.com", "home@example.com"]),
      ("emails[type eq \"HOME\"].value", ["home@example.com"]),
      ("emails[type pr and not (value pr)].type", ["other"]),
      ("aliases", ["one", "two"]), ("aliases[value eq \"two\"]", ["two"]), ("\(enterprise):department", ["Sales"]),
      ("\(enterprise):manager.displayName", ["John"]), ("\(core):userName", ["bjensen"]),
      ("urn:x:2.0:User:userName", []),
      ("emails[type gt true].value", []), ("\(enterprise).department", ["Sales"]),
    ] as [(String, [JSONValue])])
  func reachesValues(_ text: String, _ expected: [JSONValue]) throws {
    guard let path = try? AttributePath(parsing: text) else {
      #expect(expected.isEmpty, "\(text) does not parse")
      return
    }
    #expect(path.values(in: resource) == expected)
  }

  @Test func reachesAWholeExtension() throws {
    let values = try AttributePath(parsing: Self.enterprise).values(in: resource)
    #expect(values.count == 1 && values.first?["department"] == "Sales")
  }

  // MARK: Definitions

  @Test func resolvesDefinitions() throws {
    let catalog = SchemaCatalog.forFilterTests
    let user = try #require(catalog.resourceType("User"))
    let resolve = { (text: String) in try AttributePath(parsing: text).resolve(in: user, catalog: catalog) }
    #expect(try resolve("username")?.name == "userName")
    #expect(try resolve("emails[type eq \"work\"].VALUE")?.name == "value")
    #expect(try resolve("\(Self.core.uppercased()):emails")?.type == .complex)
    #expect(try resolve("\(Self.enterprise):employeeNumber")?.isCaseExact == true)
    #expect(try resolve("meta.created")?.type == .dateTime)
    #expect(try resolve("ID")?.mutability == .readOnly)
    #expect(try resolve("employeeNumber") == nil)
    #expect(try resolve("urn:other:2.0:User:userName") == nil)
    #expect(try resolve("urn:ietf:params:scim:schemas:core:2.0:Group:userName") == nil)
    #expect(try resolve("userName.value") == nil)
    #expect(try AttributePath(parsing: "emails.value").resolveParent(in: user, catalog: catalog)?.name == "emails")
  }
}
