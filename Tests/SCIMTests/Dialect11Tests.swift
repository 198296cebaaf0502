import JSON
import SCIM
import Testing

/// Resources, paths, filters and messages of SCIM 1.1 in terms of SCIM 2.0, and back.
struct Dialect11Tests {
  private let catalog = SchemaCatalog.standard

  private func type(_ name: String) throws -> ResourceType { try #require(catalog.resourceType(name)) }

  // MARK: Resources

  @Test func aUserReadsAsTheSpecificationShowsIt() throws {
    let user = Resource([
      "schemas": [.string(SchemaURN.user), .string(SchemaURN.enterpriseUser)], "id": "4711", "userName": "bjensen",
      "emails": [["value": "bjensen@example.com", "type": "work", "primary": true]],
      "groups": [["value": "1", "$ref": "https://example.com/Groups/1", "display": "Guides", "type": "direct"]],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
        "department": "Tours", "manager": ["value": "26", "$ref": "/Users/26"],
      ],
      "meta": ["resourceType": "User", "created": "2011-08-01T18:29:49Z", "version": "W/\"1\""],
    ])
    let expected: JSONObject = [
      "schemas": ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"], "id": "4711",
      "userName": "bjensen", "emails": [["value": "bjensen@example.com", "type": "work", "primary": true]],
      "groups": [["value": "1", "display": "Guides", "type": "direct"]],
      "urn:scim:schemas:extension:enterprise:1.0": ["department": "Tours", "manager": ["managerId": "26"]],
      "meta": ["created": "2011-08-01T18:29:49Z", "version": "W/\"1\""],
    ]
    let encoded = Dialect11.encoded(user, of: try type("User"))
    #expect(encoded.attributes == expected)
  }

  @Test func whatAClientMarksAsDeletedIsNotThere() throws {
    let group = Resource([
      "schemas": [], "displayName": "dev", "meta": ["attributes": ["members"]],
      "members": [["value": "1"], ["value": "2", "operation": "delete"], ["value": "3", "operation": "DELETE"]],
    ])
    let decoded = Dialect11.decoded(group, of: try type("Group"))
    #expect(decoded["members"] == [["value": "1"]])
    #expect(decoded["schemas"] == [.string(SchemaURN.group)])
    #expect(decoded["meta"] == ["resourceType": "Group"])
  }

  @Test(arguments: ["User", "Group"])
  func whatBothVersionsCanHoldSurvivesTheRoundTrip(_ name: String) throws {
    let type = try type(name)
    var random = RandomResources(seed: 21)
    for _ in 0..<400 {
      var resource = random.resource(of: type, in: catalog)
      resource["schemas"] = .array(
        ([type.schema] + type.extensions.map(\.schema).filter { resource[$0] != nil }).map(JSONValue.string))
      resource["meta"] = ["resourceType": .string(name), "version": "W/\"3\""]
      let there = Dialect11.encoded(Resource(resource), of: type)
      #expect(!String(decoding: JSONValue.object(there.attributes).serialized(), as: UTF8.self).contains(":2.0"))
      let back = Dialect11.decoded(there, of: type)
      #expect(.object(back.attributes) == JSONValue.object(resource).withoutReferences)
      #expect(Dialect11.encoded(back, of: type) == there)
    }
  }

  // MARK: Paths

  @Test(arguments: [
    ("userName", "userName", "userName"), ("name.familyName", "name.familyName", "name.familyName"),
    ("urn:scim:schemas:core:1.0:userName", "userName", "userName"),
    ("URN:SCIM:schemas:core:1.0.userName", "userName", "userName"),
    (
      "urn:scim:schemas:extension:enterprise:1.0:manager.managerId",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
      "urn:scim:schemas:extension:enterprise:1.0:manager.managerId"
    ),
    (
      "urn:scim:schemas:extension:enterprise:1.0.department",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
      "urn:scim:schemas:extension:enterprise:1.0:department"
    ),
    ("urn:ietf:params:scim:schemas:core:2.0:User:title", "urn:ietf:params:scim:schemas:core:2.0:User:title", "title"),
  ])
  func pathsHaveTwoSpellings(_ text: String, _ version2: String, _ version1: String) throws {
    let users = try type("User")
    let path = try Dialect11.path(parsing: text, of: users)
    #expect(path.description == version2)
    #expect(Dialect11.text(of: path, of: users) == version1)
  }

  @Test func theURNAloneNamesTheWholeExtension() throws {
    let path = try Dialect11.path(parsing: Dialect11.enterpriseUser, of: type("User"))
    #expect(path == (try AttributePath(parsing: SchemaURN.enterpriseUser)))
  }

  @Test(arguments: ["", "1", "a b", "urn:scim:schemas:core:1.0:", "urn:scim:schemas:core:1.0:7"])
  func namesThatAreNoPathsAreRefused(_ text: String) throws {
    let users = try type("User")
    #expect(throws: SCIMError.self) { try Dialect11.path(parsing: text, of: users) }
  }

  // MARK: Filters

  @Test(arguments: [
    ("userName Eq PRIMARY/alice", #"userName eq "PRIMARY/alice""#), ("userName eq \"alice\"", #"userName eq "alice""#),
    ("displayName EQ Tour Guides", #"displayName eq "Tour Guides""#), ("userName eq 007", #"userName eq "007""#),
    ("userName eq true", #"userName eq "true""#), ("active eq true", "active eq true"),
    ("userName eq 'alice'", #"userName eq "alice""#), ("displayNameEqengineers", #"displayName eq "engineers""#),
    ("displayname eq *gin*", #"displayname co "gin""#), ("userName Eq al*", #"userName sw "al""#),
    ("userName Eq *ce", #"userName ew "ce""#), ("userName Eq *", "userName pr"),
    ("userName eq \"*\"", #"userName eq "*""#), ("emails eq a@example.com", #"emails eq "a@example.com""#),
    ("title pr and userType eq \"Employee\"", #"title pr and userType eq "Employee""#),
    ("title eq \"a and b\"", #"title eq "a and b""#),
    ("Meta.lastModified gt 2011-05-13T04:42:34Z", #"Meta.lastModified gt "2011-05-13T04:42:34Z""#),
    ("urn:scim:schemas:core:1.0:userName sw j", #"userName sw "j""#),
    (
      "urn:scim:schemas:extension:enterprise:1.0:department eq \"IT\"",
      #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "IT""#
    ),
  ])
  func filtersAreReadAsClientsWriteThem(_ text: String, _ expected: String) throws {
    #expect(try Dialect11.filter(parsing: text, of: type("User"), catalog: catalog).description == expected)
  }

  @Test(arguments: [
    "", "userName", "userName is alice", "userName eq", "userName eq a and b", "userName eq \"a", "(", "Eq",
  ])
  func whatIsNoFilterIsRefused(_ text: String) throws {
    let users = try type("User")
    #expect(throws: SCIMError.self) { try Dialect11.filter(parsing: text, of: users, catalog: catalog) }
  }

  // MARK: Messages

  @Test func errorsAreListsWithTheirCodes() {
    let error = SCIMError(status: 404, nil, "Nobody.")
    let body = Dialect11.encoded(error)
    #expect(body == ["Errors": [["description": "Nobody.", "code": "404"]]])
    #expect(Dialect11.error(body) == error)
    #expect(Dialect11.error(["Errors": [["code": 500]]])?.status == 500)
    #expect(Dialect11.error(["detail": "no"]) == nil)
  }

  @Test func bulkAnswersTellTheCodeInAnObject() {
    let response = BulkResponse(operations: [
      .init(.post, status: 201, bulkId: "a", location: "/Users/1"),
      .init(.delete, status: 404, response: Dialect11.encoded(SCIMError(status: 404, nil, "Nobody."))),
    ])
    #expect(
      Dialect11.encoded(response) == [
        "schemas": ["urn:scim:schemas:core:1.0"],
        "Operations": [
          ["method": "POST", "bulkId": "a", "location": "/Users/1", "status": ["code": "201"]],
          ["method": "DELETE", "status": ["code": "404", "description": "Nobody."]],
        ],
      ])
  }
}

extension JSONValue {
  /// The value without any `$ref` in it.
  fileprivate var withoutReferences: JSONValue {
    switch self {
    case .array(let values): .array(values.map(\.withoutReferences))
    case .object(let object):
      .object(JSONObject(object.members.filter { $0.key != "$ref" }.map { ($0.key, $0.value.withoutReferences) }))
    default: self
    }
  }
}
