import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing

/// A schema extension of somebody's own, over HTTP: advertised and enforced.
@Suite struct CustomSchemaTests {
  private static let urn = "urn:example:params:scim:schemas:badge:2.0:User"

  private static let badge = SchemaExtension(
    Schema(
      id: urn, name: "Badge", description: "What opens doors.",
      attributes: [
        Attribute("badgeNumber", .integer, uniqueness: .server),
        Attribute("colour", canonicalValues: ["red", "green"]),
        Attribute("code", isCaseExact: true),
        Attribute("issuedAt", .dateTime, mutability: .immutable),
        Attribute("pin", isCaseExact: true, mutability: .writeOnly, returned: .never),
        Attribute("note", returned: .request),
        Attribute("issuer", returned: .always),
        Attribute("seen", .dateTime, mutability: .readOnly),
        Attribute(
          "doors", .complex, isMultiValued: true,
          subAttributes: [Attribute("value", isRequired: true), Attribute("primary", .boolean)]),
      ]), of: "User")

  private static func withBadges(_ test: (ServerFixture) async throws -> Void) async throws {
    try await withServer(ServerSetup(schemas: [badge]), test)
  }

  private static func user(_ name: String, _ badge: JSONObject) -> JSONValue {
    [
      "schemas": [.string(SchemaURN.user), .string(urn)], "userName": .string(name), "userType": .string("x"),
      urn: .object(badge),
    ]
  }

  private static func patch(_ operation: JSONObject) -> JSONValue {
    ["schemas": [.string(SchemaURN.patchRequest)], "Operations": [.object(operation)]]
  }

  @Test func isAdvertised() async throws {
    try await Self.withBadges { server in
      let schema = try await server.send(.GET, "/Schemas/\(Self.urn)")
      #expect(schema.json.object.flatMap { Schema($0) } == Self.badge.schema)
      let schemas = try await server.send(.GET, "/Schemas")
      #expect(schemas.resources.contains { $0["id"] == .string(Self.urn) })
      let type = try await server.send(.GET, "/ResourceTypes/User")
      #expect(
        type.json["schemaExtensions"]?.array?.last == ["schema": .string(Self.urn), "required": false])
    }
  }

  @Test func isReturnedAsItsSchemaSays() async throws {
    try await Self.withBadges { server in
      let made = try await server.send(
        .POST, "/Users",
        Self.user(
          "ann",
          [
            "BADGENUMBER": 7, "colour": "red", "pin": "1234", "note": "n", "issuer": "hq",
            "seen": "2026-01-01T00:00:00Z",
            "issuedAt": "2026-01-01T00:00:00Z", "unknown": 1,
          ]))
      #expect(made.status == 201)
      #expect(
        made.json[Self.urn] == [
          "badgeNumber": 7, "colour": "red", "issuer": "hq", "issuedAt": "2026-01-01T00:00:00Z",
        ])
      #expect(made.json["schemas"]?.array?.contains(.string(Self.urn)) == true)
      #expect(made.header("ETag") != nil)

      let some = try await server.send(.GET, "/Users/\(made.id)?attributes=\(Self.urn):note,userName")
      #expect(some.json[Self.urn] == ["note": "n", "issuer": "hq"])
      #expect(some.json["userType"] == nil)
      let whole = try await server.send(.GET, "/Users/\(made.id)?attributes=\(Self.urn)")
      #expect(whole.json[Self.urn]?["badgeNumber"] == 7)
      let without = try await server.send(.GET, "/Users/\(made.id)?excludedAttributes=\(Self.urn):colour")
      #expect(without.json[Self.urn]?["colour"] == nil)
      #expect(without.json[Self.urn]?["badgeNumber"] == 7)
      #expect(without.json["userType"] == "x")
    }
  }

  @Test(arguments: ["7", "7.0", "0.7e1"]) func anIntegerIsToldAsOne(_ number: String) async throws {
    try await Self.withBadges { server in
      let body = #"{"userName":"ann","\#(Self.urn)":{"badgeNumber":\#(number)}}"#
      let made = try await server.send(
        .POST, url: server.base + "/Users", bytes: Array(body.utf8),
        headers: ["Authorization": "Bearer \(ServerFixture.token)", "Content-Type": "application/scim+json"])
      #expect(made.status == 201)
      #expect(made.json[Self.urn]?["badgeNumber"]?.number?.literal == "7")
    }
  }

  @Test(
    arguments: [
      (["badgeNumber": "seven"], "invalidValue"), (["badgeNumber": true], "invalidValue"),
      (["issuedAt": "yesterday"], "invalidValue"), (["doors": [["primary": true]]], "invalidValue"),
      (["doors": [["value": "a", "primary": true], ["value": "b", "primary": true]]], "invalidValue"),
    ] as [(JSONObject, String)])
  func refusesWhatDoesNotFit(_ badge: JSONObject, _ kind: String) async throws {
    try await Self.withBadges { server in
      let answer = try await server.send(.POST, "/Users", Self.user("ann", badge))
      #expect(answer.status == 400)
      #expect(answer.json["scimType"] == .string(kind))
      #expect(answer.json["detail"]?.string?.contains(Self.urn) == true)
    }
  }

  @Test func uniqueAndImmutableValuesAreKept() async throws {
    try await Self.withBadges { server in
      let ann = try await server.send(
        .POST, "/Users", Self.user("ann", ["badgeNumber": 7, "issuedAt": "2026-01-01T00:00:00Z"]))
      let taken = try await server.send(.POST, "/Users", Self.user("bob", ["badgeNumber": 7]))
      #expect(taken.status == 409)
      #expect(taken.json["scimType"] == "uniqueness")
      let changed = try await server.send(
        .PUT, "/Users/\(ann.id)", Self.user("ann", ["badgeNumber": 7, "issuedAt": "2027-01-01T00:00:00Z"]))
      #expect(changed.status == 400)
      #expect(changed.json["scimType"] == "mutability")
    }
  }

  /// RFC 7643 section 7: "SHALL NOT be updated".
  @Test func whatIsImmutableStaysWhenItIsNotTold() async throws {
    try await Self.withBadges { server in
      let ann = try await server.send(.POST, "/Users", Self.user("ann", ["issuedAt": "2026-01-01T00:00:00Z"]))
      for body in [["userName": "ann"], Self.user("ann", ["issuedAt": .null])] as [JSONValue] {
        let replaced = try await server.send(.PUT, "/Users/\(ann.id)", body)
        #expect(replaced.status == 200)
        #expect(replaced.json[Self.urn] == ["issuedAt": "2026-01-01T00:00:00Z"])
      }
      let removed = try await server.send(
        .PATCH, "/Users/\(ann.id)", Self.patch(["op": "remove", "path": .string(Self.urn)]))
      #expect(removed.status == 400)
      #expect(removed.json["scimType"] == "mutability")
    }
  }

  @Test func isPatchedByEveryFormOfPath() async throws {
    try await Self.withBadges { server in
      let ann = try await server.send(.POST, "/Users", Self.user("ann", ["badgeNumber": 7]))
      let path = "/Users/\(ann.id)"
      let operations: [(JSONObject, JSONValue?)] = [
        (["op": "replace", "path": .string("\(Self.urn):badgeNumber"), "value": 8], ["badgeNumber": 8]),
        (["op": "Add", "value": [Self.urn: ["colour": "red"]]], ["badgeNumber": 8, "colour": "red"]),
        (["op": "replace", "value": ["\(Self.urn):colour": "green"]], ["badgeNumber": 8, "colour": "green"]),
        (["op": "remove", "path": .string("\(Self.urn.uppercased()):COLOUR")], ["badgeNumber": 8]),
        (
          ["op": "add", "path": .string("\(Self.urn):doors"), "value": [["value": "front"], ["value": "back"]]],
          ["badgeNumber": 8, "doors": [["value": "front"], ["value": "back"]]]
        ),
        (
          ["op": "remove", "path": .string("\(Self.urn):doors[value eq \"front\"]")],
          ["badgeNumber": 8, "doors": [["value": "back"]]]
        ),
        (["op": "replace", "path": .string(Self.urn), "value": ["badgeNumber": 9]], nil),
        (["op": "remove", "path": .string(Self.urn)], nil),
      ]
      var tag = ann.header("ETag")
      for (operation, expected) in operations {
        let answer = try await server.send(.PATCH, path, Self.patch(operation), headers: ["If-Match": tag ?? ""])
        #expect(answer.status == 200, "\(operation)")
        if let expected { #expect(answer.json[Self.urn] == expected) }
        #expect(answer.header("ETag") != tag)
        tag = answer.header("ETag")
      }
      let after = try await server.send(.GET, path)
      #expect(after.json[Self.urn] == nil)
      #expect(after.json["schemas"] == [.string(SchemaURN.user)])
      let unknown = try await server.send(
        .PATCH, path, Self.patch(["op": "add", "path": .string("\(Self.urn):colr"), "value": "x"]))
      #expect(unknown.json["scimType"] == "invalidPath")
      let readOnly = try await server.send(
        .PATCH, path, Self.patch(["op": "add", "path": .string("\(Self.urn):seen"), "value": "2026-01-01T00:00:00Z"]))
      #expect(readOnly.json["scimType"] == "mutability")
    }
  }

  @Test func isFilteredAndSortedByItsTypes() async throws {
    try await Self.withBadges { server in
      let badges: [(String, JSONObject)] = [
        ("ann", ["badgeNumber": 10, "code": "aB", "pin": "1234", "colour": "Red", "issuedAt": "2026-01-01T00:00:00Z"]),
        ("bob", ["badgeNumber": 9, "code": "AB", "colour": "green", "issuedAt": "2026-01-01T02:00:00+02:00"]),
      ]
      for (name, badge) in badges { _ = try await server.send(.POST, "/Users", Self.user(name, badge)) }
      let names = { (query: String) async throws -> [JSONValue?] in
        let query = query.replacing(" ", with: "%20").replacing("\"", with: "%22").replacing("+", with: "%2B")
        return try await server.send(.GET, "/Users?\(query)").resources.map { $0["userName"] }
      }
      #expect(try await names("filter=\(Self.urn):badgeNumber gt 9") == ["ann"])
      #expect(try await names("filter=\(Self.urn):badgeNumber eq 9.0") == ["bob"])
      #expect(try await names("filter=\(Self.urn):code eq \"aB\"") == ["ann"])
      #expect(try await names("filter=\(Self.urn):code eq \"ab\"") == [])
      #expect(try await names("filter=\(Self.urn):colour eq \"RED\"") == ["ann"])
      #expect(try await names("filter=\(Self.urn):issuedAt eq \"2026-01-01T00:00:00Z\"") == ["ann", "bob"])
      #expect(try await names("filter=\(Self.urn):pin eq \"1234\"") == [])
      #expect(try await names("filter=userType pr&sortBy=\(Self.urn):badgeNumber") == ["bob", "ann"])
      #expect(try await names("filter=userType pr&sortBy=\(Self.urn):code&sortOrder=descending") == ["ann", "bob"])
    }
  }
}
