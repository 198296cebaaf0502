import JSON
import SCIM
import Testing

/// PATCH bodies of SCIM 1.1: a partial resource, and what goes in `meta.attributes`.
struct Dialect11PatchTests {
  private let catalog = SchemaCatalog.standard

  private func patched(_ resource: JSONObject, _ body: JSONObject, as name: String = "User") throws -> JSONObject {
    let type = try #require(catalog.resourceType(name))
    let change = try PartialResource(body, of: type, catalog: catalog)
    return try ResourcePatcher(type: type, catalog: catalog)
      .applying(change.operations(on: change.dependsOnResource ? resource : [:]), to: resource)
  }

  private static let bjensen: JSONObject = [
    "userName": "bjensen", "nickName": "Babs", "title": "Guide",
    "name": ["givenName": "Barbara", "familyName": "Jensen"],
    "emails": [
      ["value": "b@work.example", "type": "work", "primary": true], ["value": "b@home.example", "type": "home"],
    ],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": "Tours", "manager": ["value": "26"]],
  ]

  @Test func singularAttributesAreReplacedAndComplexOnesMerged() throws {
    let result = try patched(Self.bjensen, ["title": "Head", "name": ["givenName": "Babs"], "nickName": nil])
    #expect(result["title"] == "Head")
    #expect(result["name"] == ["givenName": "Babs", "familyName": "Jensen"])
    #expect(result["nickName"] == nil)
    #expect(result["userName"] == "bjensen")
  }

  @Test func metaNamesWhatGoes() throws {
    let result = try patched(Self.bjensen, ["meta": ["attributes": ["nickName", "name.familyName", "emails"]]])
    #expect(result["nickName"] == nil)
    #expect(result["name"] == ["givenName": "Barbara"])
    #expect(result["emails"] == nil)
    #expect(result["title"] == "Guide")
  }

  @Test func whatGoesAndComesIsReplaced() throws {
    let emails: JSONValue = [["value": "new@example.com", "type": "other"]]
    let result = try patched(
      Self.bjensen, ["meta": ["attributes": ["emails", "userName"]], "emails": emails, "userName": "babs"])
    #expect(result["emails"] == emails)
    #expect(result["userName"] == "babs")
  }

  @Test func metaThatSaysNothingIsNoFault() throws {
    let result = try patched(Self.bjensen, ["meta": ["created": "2011-08-01T18:29:49"], "title": "Head"])
    #expect(result["title"] == "Head")
    #expect(try patched(Self.bjensen, ["meta": ["attributes": []]])["title"] == "Guide")
  }

  @Test func valuesAreMergedByValueThenByType() throws {
    let result = try patched(
      Self.bjensen,
      [
        "emails": [
          ["value": "B@home.example", "display": "at home"], ["value": "new@work.example", "type": "work"],
          ["value": "other@example.com", "type": "other", "primary": true],
        ]
      ])
    #expect(
      result["emails"] == [
        ["value": "new@work.example", "type": "work"],
        ["value": "B@home.example", "type": "home", "display": "at home"],
        ["value": "other@example.com", "type": "other", "primary": true],
      ])
  }

  @Test func twoValuesOfOneTypeInOneRequestAreTwo() throws {
    let emails: JSONValue = [["value": "1@x.example", "type": "work"], ["value": "2@x.example", "type": "work"]]
    #expect(try patched(["userName": "a"], ["emails": emails])["emails"] == emails)
  }

  @Test(
    arguments: [
      ["value": "b@work.example", "operation": "delete"], ["type": "work", "operation": "Delete"],
      ["value": "b@work.example", "type": "work", "operation": "delete"],
    ] as [JSONValue])
  func valuesAreDeletedOneByOne(_ gone: JSONValue) throws {
    let result = try patched(Self.bjensen, ["emails": .array([gone])])
    #expect(result["emails"] == [["value": "b@home.example", "type": "home"]])
  }

  @Test func whatMatchesNothingDeletesNothing() throws {
    let nobody: JSONValue = [["value": "nobody", "operation": "delete"], ["operation": "delete"]]
    #expect(try patched(Self.bjensen, ["emails": nobody])["emails"] == Self.bjensen["emails"])
  }

  @Test func extensionsGoByTheirOldNames() throws {
    let result = try patched(
      Self.bjensen,
      [
        "urn:scim:schemas:extension:enterprise:1.0": ["manager": ["managerId": "27"], "division": "Parks"],
        "meta": ["attributes": ["urn:scim:schemas:extension:enterprise:1.0:department"]],
      ])
    #expect(result[SchemaURN.enterpriseUser] == ["manager": ["value": "27"], "division": "Parks"])
  }

  @Test func unknownAndReadOnlyAttributesAreIgnored() throws {
    let result = try patched(
      Self.bjensen, ["schemas": ["x"], "id": "1", "groups": [["value": "1"]], "shoeSize": 42, "urn:x:y": ["a": 1]])
    #expect(result["userName"] == "bjensen")
    #expect(result["groups"] == nil)
    #expect(result["shoeSize"] == nil)
    #expect(result["id"] == nil)
  }

  @Test func membersComeAndGoByTheirIdsWithoutALookAtTheOthers() throws {
    let type = try #require(catalog.resourceType("Group"))
    let change = try PartialResource(
      ["displayName": "dev", "members": [["value": "1"], ["value": "2", "operation": "delete"]]], of: type,
      catalog: catalog)
    #expect(!change.dependsOnResource)
    let group: JSONObject = ["displayName": "dev", "members": [["value": "2"], ["value": "3"]]]
    let result = try patched(
      group, ["members": [["value": "1"], ["value": "2", "operation": "delete"]]], as: "Group")
    #expect(result["members"]?.array?.compactMap { $0["value"]?.string } == ["3", "1"])
    let replaced = try patched(
      group, ["members": [["value": "9"]], "meta": ["attributes": ["members"]]], as: "Group")
    #expect(replaced["members"] == [["value": "9"]])
  }

  @Test(
    arguments: [
      ["meta": ["attributes": ["userName"]]], ["meta": ["attributes": [7]]], ["meta": ["attributes": ["a b"]]],
      ["userName": ["x": 1]], ["emails": 7],
    ] as [JSONObject])
  func wrongBodiesAreTheClientsFault(_ body: JSONObject) throws {
    do {
      _ = try patched(Self.bjensen, body)
      Issue.record("\(body) was taken")
    } catch let error as SCIMError {
      #expect(error.status == 400)
    }
  }

  @Test func whateverIsPatchedStaysValidAndPatchingTwiceIsPatchingOnce() throws {
    let type = try #require(catalog.resourceType("User"))
    let validator = ResourceValidator(type: type, catalog: catalog, unknown: .refused)
    var random = RandomResources(seed: 23)
    var applied = 0
    for _ in 0..<400 {
      let resource = try validator.normalized(random.resource(of: type, in: catalog))
      let part = Dialect11.encoded(Resource(random.resource(of: type, in: catalog)), of: type)
      do {
        let once = try patched(resource, part.attributes)
        #expect(validator.validate(once).isEmpty)
        #expect(try patched(once, part.attributes) == once, "\(part) on \(resource)")
        applied += 1
      } catch let error as SCIMError {
        #expect(error.status == 400)
      }
    }
    #expect(applied > 300)
  }
}
