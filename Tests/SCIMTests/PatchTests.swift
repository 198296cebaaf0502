import JSON
import SCIM
import Testing

/// Applies a PATCH body to a resource of the standard catalog.
func patched(_ resource: JSONObject, as name: String = "User", _ operations: String) throws -> JSONObject {
  let type = try #require(SchemaCatalog.standard.resourceType(name))
  let request = try PatchRequest(try object("{\"Operations\": \(operations)}"))
  return try ResourcePatcher(type: type, catalog: .standard).applying(request.operations, to: resource)
}

/// The examples of RFC 7644 section 3.5.2, in its order.
@Suite struct PatchExampleTests {
  private let group: JSONObject = [
    "schemas": [.string(SchemaURN.group)], "displayName": "Tour Guides", "members": [["value": "2819c223"]],
  ]
  private let babs: JSONObject = [
    "schemas": [.string(SchemaURN.user)], "userName": "bjensen",
    "emails": [
      ["value": "bjensen@example.com", "type": "work"], ["value": "other@example.org", "type": "work"],
    ],
    "addresses": [
      ["type": "work", "streetAddress": "100 Universal City Plaza", "locality": "Hollywood"],
      ["type": "home", "streetAddress": "456 Hollywood Blvd", "primary": true],
    ],
  ]

  @Test func addsAMemberOnce() throws {
    let add = """
      [{"op": "add", "path": "members", "value": [
        {"display": "Babs Jensen", "$ref": "https://example.com/v2/Users/08e1", "value": "08e1"}]}]
      """
    let once = try patched(group, as: "Group", add)
    #expect(
      once["members"] == [["value": "2819c223"], ["$ref": "https://example.com/v2/Users/08e1", "value": "08e1"]])
    #expect(try patched(once, as: "Group", add) == once)
  }

  @Test func addsAttributesWithoutAPath() throws {
    let result = try patched(
      babs, #"[{"op": "add", "value": {"emails": [{"value": "babs@jensen.org", "type": "home"}], "nickname": "Babs"}}]"#
    )
    #expect(result["emails"]?.array?.count == 3)
    #expect(result["nickName"] == "Babs" && result["nickname"] == nil)
  }

  @Test func removesOneMember() throws {
    let remove = #"[{"op": "remove", "path": "members[value eq \"2819c223\"]"}]"#
    let result = try patched(group, as: "Group", remove)
    #expect(result["members"] == nil)
    #expect(try patched(result, as: "Group", remove) == result)
  }

  @Test func removesAllMembers() throws {
    #expect(try patched(group, as: "Group", #"[{"op": "remove", "path": "members"}]"#)["members"] == nil)
  }

  @Test func removesBySeveralTerms() throws {
    let result = try patched(
      babs, #"[{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}]"#)
    #expect(result["emails"] == [["value": "other@example.org", "type": "work"]])
  }

  @Test func removesAndAddsAMember() throws {
    let result = try patched(
      group, as: "Group",
      #"""
      [{"op": "remove", "path": "members[value eq\"2819c223\"]"},
       {"op": "add", "path": "members", "value": [{"display": "James Smith", "value": "08e1d05d"}]}]
      """#)
    #expect(result["members"] == [["value": "08e1d05d"]])
  }

  @Test(arguments: [
    #"""
    [{"op": "remove", "path": "members"},
     {"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "b"}]}]
    """#,
    #"[{"op": "replace", "path": "members", "value": [{"display": "A", "value": "a"}, {"value": "b"}]}]"#,
  ])
  func replacesAllMembers(_ operations: String) throws {
    #expect(try patched(group, as: "Group", operations)["members"] == [["value": "a"], ["value": "b"]])
  }

  @Test func replacesAnAddressAndItBecomesPrimary() throws {
    let result = try patched(
      babs,
      #"""
      [{"op": "replace", "path": "addresses[type eq \"work\"]",
        "value": {"type": "work", "streetAddress": "911 Universal City Plaza", "primary": true}}]
      """#)
    #expect(
      result["addresses"] == [
        ["type": "work", "streetAddress": "911 Universal City Plaza", "primary": true],
        ["type": "home", "streetAddress": "456 Hollywood Blvd", "primary": false],
      ])
  }

  @Test func replacesAPartOfAnAddress() throws {
    let result = try patched(
      babs,
      #"[{"op": "replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "1010 Broadway Ave"}]"#)
    #expect(
      result["addresses"]?.array?.first
        == ["type": "work", "streetAddress": "1010 Broadway Ave", "locality": "Hollywood"])
  }

  @Test func replacesAttributesWithoutAPath() throws {
    let result = try patched(
      babs,
      #"[{"op": "replace", "value": {"emails": [{"value": "b@example.com", "primary": true}], "nickname": "Babs"}}]"#)
    #expect(result["emails"] == [["value": "b@example.com", "primary": true]])
    #expect(result["nickName"] == "Babs" && result["addresses"] == babs["addresses"])
  }
}

@Suite struct PatchRuleTests {
  private let user: JSONObject = [
    "schemas": [.string(SchemaURN.user)], "id": "1", "userName": "bjensen", "active": true,
    "name": ["givenName": "Barbara", "familyName": "Jensen"],
  ]
  private let enterprise = SchemaURN.enterpriseUser

  @Test func mergesComplexAttributes() throws {
    let result = try patched(user, #"[{"op": "replace", "path": "name", "value": {"familyName": "Smith"}}]"#)
    #expect(result["name"] == ["givenName": "Barbara", "familyName": "Smith"])
    let emptied = try patched(
      user, #"[{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]"#)
    #expect(emptied["name"] == nil)
  }

  @Test func schemasFollowTheExtensions() throws {
    let with = try patched(user, "[{\"op\": \"add\", \"path\": \"\(enterprise):department\", \"value\": \"Sales\"}]")
    #expect(with[enterprise] == ["department": "Sales"])
    #expect(with["schemas"] == [.string(SchemaURN.user), .string(enterprise)])
    let without = try patched(with, "[{\"op\": \"remove\", \"path\": \"\(enterprise)\"}]")
    #expect(without == user)
    #expect(try patched(with, "[{\"op\": \"remove\", \"path\": \"\(enterprise):department\"}]") == user)
    let whole = try patched(user, "[{\"op\": \"add\", \"path\": \"\(enterprise)\", \"value\": {\"manager\": \"26\"}}]")
    #expect(whole[enterprise] == ["manager": ["value": "26"]])
  }

  @Test func readsWhatEntraAndOktaSend() throws {
    let result = try patched(
      user,
      """
      [{"op": "Replace", "path": "active", "value": "False"},
       {"op": "replace", "value": {"name.familyName": "Smith", "id": "1", "\(enterprise):department": "Sales",
         "\(enterprise)": {"costCenter": "4130"}, "unknown": 1}},
       {"op": "Add", "path": "emails[type eq \\"work\\"].value", "value": "b@example.com"},
       {"op": "Add", "path": "roles", "value": {"value": "admin", "display": null}}]
      """)
    #expect(result["active"] == false && result["name"]?["familyName"] == "Smith" && result["unknown"] == nil)
    #expect(result[enterprise] == ["department": "Sales", "costCenter": "4130"])
    #expect(result["emails"] == [["type": "work", "value": "b@example.com"]])
    #expect(result["roles"] == [["value": "admin"]])
  }

  @Test func buildsWhatAFilterOfEntraDescribes() throws {
    let result = try patched(
      user,
      #"""
      [{"op": "Add", "path": "emails[primary eq \"True\"].value", "value": "b@example.com"},
       {"op": "replace", "value": {"phoneNumbers[type eq \"mobile\"].value": "tel:1", "ims[type eq \"aim\"].value": ""}},
       {"op": "Add", "path": "addresses[type eq \"work\" and primary eq true].locality", "value": "Oslo"},
       {"op": "add", "path": "entitlements[primary eq \"True\"].value", "value": "gold"}]
      """#)
    #expect(result["emails"] == [["primary": true, "value": "b@example.com"]])
    #expect(result["phoneNumbers"] == [["type": "mobile", "value": "tel:1"]])
    #expect(result["addresses"] == [["type": "work", "primary": true, "locality": "Oslo"]])
    #expect(result["entitlements"] == [["primary": true, "value": "gold"]])
    let again = try patched(
      result, #"[{"op": "Replace", "path": "emails[primary eq \"True\"].value", "value": "c@example.com"}]"#)
    #expect(again["emails"] == [["primary": true, "value": "c@example.com"]])
  }

  @Test func anExtensionIsPatchedByEveryFormOfItsURN() throws {
    let forms = [
      "{\"op\": \"Add\", \"path\": \"\(enterprise):manager\", \"value\": \"26\"}",
      "{\"op\": \"Add\", \"path\": \"\(enterprise):manager\", \"value\": [{\"value\": \"26\", \"$ref\": null}]}",
      "{\"op\": \"Replace\", \"path\": \"\(enterprise):manager.value\", \"value\": \"26\"}",
      "{\"op\": \"replace\", \"value\": {\"\(enterprise):manager.value\": \"26\"}}",
      "{\"op\": \"replace\", \"value\": {\"\(enterprise)\": {\"manager.value\": \"26\"}}}",
      "{\"op\": \"add\", \"path\": \"\(enterprise.lowercased()):MANAGER\", \"value\": {\"Value\": \"26\"}}",
    ]
    for form in forms {
      #expect(try patched(user, "[\(form)]")[enterprise] == ["manager": ["value": "26"]], "\(form)")
    }
  }

  @Test func removesNamedMembersOnly() throws {
    let group: JSONObject = ["displayName": "G", "members": [["value": "a"], ["value": "b", "type": "User"]]]
    let remove = #"[{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "b"}, {"value": "zz"}]}]"#
    #expect(try patched(group, as: "Group", remove)["members"] == [["value": "a"]])
    let none = try patched(group, as: "Group", #"[{"op": "remove", "path": "members", "value": []}]"#)
    #expect(none["members"] == group["members"])
    let mails: JSONObject = [
      "userName": "x", "emails": [["value": "a", "type": "work"], ["value": "a", "type": "home"]],
    ]
    let one = try patched(mails, #"[{"op": "remove", "path": "emails", "value": {"value": "a", "type": "home"}}]"#)
    #expect(one["emails"] == [["value": "a", "type": "work"]])
  }

  @Test func nullAndEmptyRemove() throws {
    #expect(try patched(user, #"[{"op": "replace", "path": "name", "value": null}]"#)["name"] == nil)
    #expect(try patched(user, #"[{"op": "replace", "path": "emails", "value": []}]"#)["emails"] == nil)
    #expect(try patched(user, #"[{"op": "add", "path": "name", "value": null}]"#) == user)
  }

  @Test func aSecondPrimaryTakesOver() throws {
    let start: JSONObject = ["userName": "x", "emails": [["value": "a", "primary": true], ["value": "b"]]]
    let flipped = try patched(start, #"[{"op": "add", "path": "emails[value eq \"b\"].primary", "value": true}]"#)
    #expect(flipped["emails"] == [["value": "a", "primary": false], ["value": "b", "primary": true]])
    let added = try patched(start, #"[{"op": "add", "path": "emails", "value": [{"value": "c", "primary": true}]}]"#)
    #expect(added["emails"]?.array?.first == ["value": "a", "primary": false])
  }

  @Test(arguments: [
    (#"{"op": "replace", "path": "id", "value": "2"}"#, SCIMError.Kind.mutability),
    (#"{"op": "add", "path": "groups", "value": [{"value": "g"}]}"#, .mutability),
    (#"{"op": "remove", "path": "userName"}"#, .mutability),
    (#"{"op": "replace", "path": "userName", "value": null}"#, .mutability),
    (#"{"op": "remove"}"#, .noTarget),
    (#"{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a"}"#, .noTarget),
    (#"{"op": "add", "path": "emails[type pr].value", "value": "a"}"#, .noTarget),
    (#"{"op": "add", "path": "emails[kind eq \"work\"].value", "value": "a"}"#, .invalidPath),
    (#"{"op": "add", "value": {"emails[kind eq \"work\"].value": "a"}}"#, .noTarget),
    (#"{"op": "add", "path": "shoeSize", "value": 43}"#, .invalidPath),
    (#"{"op": "add", "path": "name.shoeSize", "value": 43}"#, .invalidPath),
    (#"{"op": "add", "path": "name[givenName pr]", "value": {}}"#, .invalidPath),
    (#"{"op": "add", "path": "userName", "value": 43}"#, .invalidValue),
    (#"{"op": "add", "path": "active", "value": "perhaps"}"#, .invalidValue),
    (
      #"{"op": "add", "path": "emails", "value": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}"#,
      .invalidValue
    ),
    (#"{"op": "add", "path": "emails[type eq \"work\"]", "value": [{"value": "a"}, {"value": "b"}]}"#, .invalidValue),
    (#"{"op": "add"}"#, .invalidValue),
    (#"{"op": "move", "path": "title"}"#, .invalidSyntax),
  ])
  func refuses(_ operation: String, _ kind: SCIMError.Kind) {
    #expect { try patched(user, "[\(operation)]") } throws: { error in
      (error as? SCIMError)?.kind == kind && (error as? SCIMError)?.status == 400
    }
  }

  @Test func immutableValuesMayBeSetOnce() throws {
    let set = #"[{"op": "add", "path": "name", "value": "is2"}]"#
    let named = try patched([:], as: "IdentityProvider", set)
    #expect(named["name"] == "is2")
    #expect(try patched(named, as: "IdentityProvider", set) == named)
    #expect(throws: SCIMError.self) {
      try patched(named, as: "IdentityProvider", #"[{"op": "replace", "path": "name", "value": "is3"}]"#)
    }
    let group: JSONObject = ["displayName": "G", "members": [["value": "a"]]]
    #expect(throws: SCIMError.self) {
      try patched(group, as: "Group", #"[{"op": "replace", "path": "members[value eq \"a\"].value", "value": "b"}]"#)
    }
  }

  @Test func nestedPartsOfOurOwnSchemas() throws {
    let result = try patched(
      ["name": "app"], as: "ServiceProvider",
      #"[{"op": "replace", "path": "inbound.openidconnect", "value": {"clientId": "c", "redirectURIs": "http://x/"}}]"#)
    #expect(result["inbound"]?["openidconnect"] == ["clientId": "c", "redirectURIs": ["http://x/"]])
  }

  @Test func unknownSchemasAreOpen() throws {
    let type = ResourceType(name: "Device", endpoint: "/Devices", schema: "urn:x:Device")
    let patcher = ResourcePatcher(type: type, catalog: SchemaCatalog(resourceTypes: [type], schemas: []))
    let result = try patcher.applying(
      [
        PatchOperation(.add, AttributePath("tags"), value: ["a"]),
        PatchOperation(.add, AttributePath("tags"), value: ["b"]),
        PatchOperation(.replace, AttributePath("place", sub: "room"), value: 7),
      ], to: [:])
    #expect(result["tags"] == ["a", "b"] && result["place"] == ["room": 7])
  }
}
