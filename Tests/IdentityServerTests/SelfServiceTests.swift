import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing

@testable import IdentityServer

/// What users may change of themselves at `/Me`.
struct SelfServiceTests {
  private func withAnn(_ test: (ServerFixture, String) async throws -> Void) async throws {
    try await withServer { server async throws in
      let ann = try await server.send(
        .POST, "/Users",
        [
          "userName": "ann", "password": "secret", "title": "Dr", "nickName": "Annie", "locale": "de",
          "emails": [["value": "ann@example.com"]],
        ])
      try await test(server, ann.id)
    }
  }

  private static func pathless(_ value: JSONObject) -> JSONValue {
    [
      "schemas": [.string(SchemaURN.patchRequest)],
      "Operations": [["op": "add", "value": .object(value)]],
    ]
  }

  @Test func aUserChangesItsPassword() async throws {
    try await withAnn { server, _ async throws in
      #expect(
        try await server.send(.PATCH, "/Me", patch("replace", "password", "new one"), as: "ann:secret").status == 200)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 401)
      #expect(try await server.send(.GET, "/Me", as: "ann:new one").status == 200)
    }
  }

  /// RFC 7644 section 3.11: "in any response".
  @Test func everyAnswerTellsWhereTheUserIs() async throws {
    try await withAnn { server, id async throws in
      for (method, body, headers, status) in [
        (.GET, nil, [:], 200), (.GET, nil, ["If-Match": "W/\"7\""], 412),
        (.PATCH, patch("replace", "nickName", "A"), [:], 200), (.PATCH, patch("replace", "title", "Prof"), [:], 403),
        (.PATCH, patch("replace", "locale", 7), [:], 400), (.DELETE, nil, [:], 403),
      ] as [(HTTPMethod, JSONValue?, [String: String], Int)] {
        let answer = try await server.send(method, "/Me", body, as: "ann:secret", headers: headers)
        #expect(answer.status == status)
        #expect(answer.header("Location") == "\(server.base)/Users/\(id)")
      }
      let known = try await server.send(.GET, "/Me", as: "ann:secret", headers: ["If-None-Match": "*"])
      #expect(known.status == 304)
      #expect(known.header("Location") == nil)
      let deleted = try await server.send(.DELETE, "/Me")
      #expect(deleted.status == 204)
      #expect(deleted.header("Location")?.hasPrefix("\(server.base)/Users/") == true)
    }
  }

  @Test func aUserCannotKeepTheOthersWaiting() async throws {
    let marks = String(repeating: "\u{301}\u{316}", count: 33)
    let many = (0...1000).map { JSONValue.object(["value": .string("im\($0)")]) }
    let adds = many.map { JSONValue.object(["op": "add", "path": "ims", "value": [$0]]) }
    let schemas: JSONValue = [.string(SchemaURN.patchRequest)]
    try await withAnn { server, _ async throws in
      for (body, status) in [
        (["schemas": schemas, "Operations": .array(adds)], 413), (patch("add", "ims", .array(many)), 400),
        (patch("replace", "nickName", .string(marks)), 400), (patch("add", "ims", [["value": .string(marks)]]), 400),
        (["schemas": [.string(marks)], "Operations": []], 400),
        (["schemas": schemas, "Operations": [], marks: 1], 400),
      ] as [(JSONValue, Int)] {
        #expect(try await server.send(.PATCH, "/Me", body, as: "ann:secret").status == status)
      }
      let merged = try await server.send1(.PATCH, "/Users/me", ["ims": .array(many)], as: "ann:secret")
      #expect(merged.status == 413)
      #expect(
        try await server.send(.PATCH, "/Me", patch("add", "ims", .array(many.dropLast())), as: "ann:secret").status
          == 200)
    }
  }

  @Test(arguments: [
    patch("replace", "title", "Prof"), patch("replace", "userName", "admin"), patch("add", "roles", [["value": "1"]]),
    patch("replace", "active", true), patch("remove", "emails", .null), pathless(["nickName": "A", "title": "x"]),
    patch("replace", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Board"),
    patch("replace", "urn:ietf:params:scim:schemas:core:2.0:User:userName", "admin"),
    pathless(["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": "Board"]]),
    pathless(["name.familyName": "Admin"]), patch("replace", "emails[type eq \"work\"].value", "x@example.com"),
  ])
  func whoItIsAndWhatItMayDoIsNotItsToChange(_ body: JSONValue) async throws {
    try await withAnn { server, id async throws in
      let before = try await server.send(.GET, "/Users/\(id)").json
      let refused = try await server.send(.PATCH, "/Me", body, as: "ann:secret")
      #expect(refused.status == 403, "\(refused.json.text)")
      #expect(refused.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
      #expect(try await server.send(.GET, "/Users/\(id)").json == before)
    }
  }

  @Test func aPutMaySendAlongWhatItMayNotChange() async throws {
    try await withAnn { server, id async throws in
      var own = try #require(try await server.send(.GET, "/Me", as: "ann:secret").json.object)
      own["nickName"] = "Anna"
      own["locale"] = nil
      own["timezone"] = "Europe/Berlin"
      let changed = try await server.send(.PUT, "/Me", .object(own), as: "ann:secret")
      #expect(changed.status == 200, "\(changed.json.text)")
      #expect(changed.json["nickName"] == "Anna")
      #expect(changed.json["locale"] == nil)
      #expect(changed.json["timezone"] == "Europe/Berlin")
      #expect(changed.json["title"] == "Dr")
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200, "the password stays")

      let short = try await server.send(.PUT, "/Me", ["userName": "ann", "nickName": "A"], as: "ann:secret")
      #expect(short.json["title"] == "Dr", "what is left out and not the user's to change stays")
      own["title"] = "Prof"
      #expect(try await server.send(.PUT, "/Me", .object(own), as: "ann:secret").status == 403)
      #expect(try await server.send(.GET, "/Users/\(id)").json["title"] == "Dr")
    }
  }

  @Test func otherPathsAndVerbsStayClosed() async throws {
    try await withAnn { server, id async throws in
      let change = patch("replace", "password", "new one")
      #expect(try await server.send(.PATCH, "/Users/\(id)", change, as: "ann:secret").status == 403)
      #expect(try await server.send(.DELETE, "/Me", as: "ann:secret").status == 403)
      #expect(try await server.send(.DELETE, "/Users/\(id)", as: "ann:secret").status == 403)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
    }
  }

  @Test func administratorsChangeWhatTheyLike() async throws {
    try await withServer { server async throws in
      #expect(try await server.send(.PATCH, "/Me", patch("add", "title", "Boss")).json["title"] == "Boss")
    }
  }
}
