import JSON
import NIOHTTP1
import Testing

/// The requests of the SCIM 1.1 connector of WSO2 Identity Server 5.11, word for word, with `PRIMARY` as the domain that it
/// puts before names: one test for each thing that makes it send some.
struct SCIM1ConnectorTests {
  private static let alice: JSONValue = [
    "schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "password": "secret1",
    "name": ["givenName": "Alice", "familyName": "A"], "emails": [["type": "home", "value": "a@x.org"]],
  ]

  /// What the connector does before each update: one answer, with an id.
  private func find(_ server: ServerFixture, _ query: String) async throws -> String {
    let answer = try await server.send1(.GET, query)
    #expect(answer.status == 200)
    #expect(answer.json["schemas"] == ["urn:scim:schemas:core:1.0"])
    #expect(answer.json["totalResults"] == 1)
    return try #require(answer.resources.first?["id"]?.string)
  }

  private func findAlice(_ server: ServerFixture) async throws -> String {
    try await find(server, "/Users?filter=userName%20Eq%20PRIMARY/alice")
  }

  private func findDevelopers(_ server: ServerFixture) async throws -> String {
    try await find(server, "/Groups?filter=displayName%20Eq%20PRIMARY/dev")
  }

  @Test func userAdd() async throws {
    try await withServer { server in
      let created = try await server.send1(.POST, "/Users", Self.alice)
      #expect(created.status == 201)
      #expect(created.header("Content-Type") == "application/json")
      #expect(created.header("Location") == "\(server.base1)/Users/\(created.id)")
      #expect(created.json["meta"]?["location"]?.string == created.header("Location"))
      #expect(created.json["meta"]?["resourceType"] == nil)
      #expect(created.json["schemas"] == ["urn:scim:schemas:core:1.0"])
      #expect(created.json["userName"] == "alice")
      #expect(created.json["emails"] == [["type": "home", "value": "a@x.org"]])
      #expect(created.json["password"] == nil)
      let same = try await server.send(.GET, "/Users/\(created.id)")
      #expect(same.json["name"]?["familyName"] == "A")
      #expect(try await server.send(.GET, "/Me", as: "alice:secret1").id == created.id)
      let again = try await server.send1(.POST, "/Users", Self.alice)
      #expect(again.status == 409)
      #expect(again.json["Errors"]?.array?.first?["code"] == "409")
    }
  }

  @Test func userAddWithoutClaims() async throws {
    try await withServer { server in
      let body: JSONValue = ["schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "password": ""]
      let refused = try await server.send1(.POST, "/Users", body)
      #expect(refused.status == 400)
      let created = try await server.send1(.POST, "/Users", ["schemas": [], "userName": "PRIMARY/alice"])
      #expect(created.status == 201)
    }
  }

  @Test func userAddWithRoles() async throws {
    try await withServer { server in
      let dev = try await server.makeGroup("dev")
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let id = try await findDevelopers(server)
      #expect(id == dev)
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev",
        "members": [["display": "PRIMARY/alice"]],
      ]
      #expect(try await server.send1(.PATCH, "/Groups/\(id)", body).status == 200)
      #expect(try await server.members(of: dev) == ["alice"])
    }
  }

  @Test func claimUpdate() async throws {
    try await withServer { server in
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let id = try await findAlice(server)
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "name": ["givenName": "Al"],
        "emails": [["type": "home", "value": "new@x.org"]],
      ]
      let updated = try await server.send1(.PATCH, "/Users/\(id)", body)
      #expect(updated.status == 200)
      #expect(updated.json["name"] == ["givenName": "Al", "familyName": "A"])
      #expect(updated.json["emails"] == [["type": "home", "value": "new@x.org"]])
      #expect(updated.json["userName"] == "alice")
    }
  }

  /// Version 5.2.2 lets `meta` of the other side leak into its bodies.
  @Test func claimUpdateWithLeakedMeta() async throws {
    try await withServer { server in
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let id = try await findAlice(server)
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "nickName": "Al",
        "meta": ["created": "2021-05-14T08:34:51", "lastModified": "2021-05-14T08:34:51", "location": "https://x/1"],
      ]
      let updated = try await server.send1(.PATCH, "/Users/\(id)", body)
      #expect(updated.status == 200)
      #expect(updated.json["nickName"] == "Al")
    }
  }

  @Test func passwordChangeCarriesNoPassword() async throws {
    try await withServer { server in
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let id = try await findAlice(server)
      let body: JSONValue = ["schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice"]
      #expect(try await server.send1(.PATCH, "/Users/\(id)", body).status == 200)
      #expect(try await server.send(.GET, "/Me", as: "alice:secret1").id == id)
    }
  }

  @Test func userDelete() async throws {
    try await withServer { server in
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let id = try await findAlice(server)
      let deleted = try await server.send1(.DELETE, "/Users/\(id)")
      #expect(deleted.status == 200)
      #expect(deleted.bytes.isEmpty)
      let gone = try await server.send1(.GET, "/Users?filter=userName%20Eq%20PRIMARY/alice")
      #expect(gone.status == 404)
      #expect(gone.json["Errors"]?.array?.first?["code"] == "404")
    }
  }

  @Test func roleAdd() async throws {
    try await withServer { server in
      _ = try await server.send1(.POST, "/Users", Self.alice)
      let alice = try await findAlice(server)
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev",
        "members": [["value": .string(alice), "display": "PRIMARY/alice"]],
      ]
      let created = try await server.send1(.POST, "/Groups", body)
      #expect(created.status == 201)
      #expect(created.json["displayName"] == "dev")
      #expect(created.json["members"]?.array?.first?["value"]?.string == alice)
      #expect(created.json["members"]?.array?.first?["$ref"] == nil)
      #expect(try await server.send1(.POST, "/Groups", body).status == 409)
    }
  }

  @Test(arguments: [HTTPMethod.PUT, .PATCH])
  func membersChange(_ method: HTTPMethod) async throws {
    try await withServer { server in
      let ids = [
        try await server.makeUser("alice"), try await server.makeUser("bob"), try await server.makeUser("carl"),
      ]
      let dev = try await server.makeGroup("dev", members: Array(ids.dropFirst()))
      let id = try await findDevelopers(server)
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev",
        "members": [["display": "PRIMARY/alice"], ["display": "PRIMARY/bob", "operation": "delete"]],
      ]
      let updated = try await server.send1(method, "/Groups/\(id)", body)
      #expect(updated.status == 200)
      // PUT tells all members there shall be.
      #expect(try await server.members(of: dev) == (method == .PUT ? ["alice"] : ["alice", "carl"]))
    }
  }

  @Test(arguments: [HTTPMethod.PUT, .PATCH])
  func rename(_ method: HTTPMethod) async throws {
    try await withServer { server in
      let dev = try await server.makeGroup("dev")
      let id = try await findDevelopers(server)
      let body: JSONValue = ["schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/developers"]
      #expect(try await server.send1(method, "/Groups/\(id)", body).json["displayName"] == "developers")
      #expect(try await server.send(.GET, "/Groups/\(dev)").json["displayName"] == "developers")
    }
  }

  @Test func roleDelete() async throws {
    try await withServer { server in
      _ = try await server.makeGroup("dev")
      let id = try await findDevelopers(server)
      #expect(try await server.send1(.DELETE, "/Groups/\(id)").status == 200)
      #expect(try await server.send1(.GET, "/Groups?filter=displayName%20Eq%20PRIMARY/dev").status == 404)
    }
  }

  @Test func roleListOfAUserChanges() async throws {
    try await withServer { server in
      let alice = try await server.makeUser("alice")
      let old = try await server.makeGroup("old", members: [alice])
      let new = try await server.makeGroup("new")
      for (name, member) in [
        ("new", ["display": "PRIMARY/alice"]), ("old", ["display": "PRIMARY/alice", "operation": "delete"]),
      ] as [(String, JSONValue)] {
        let id = try await find(server, "/Groups?filter=displayName%20Eq%20PRIMARY/\(name)")
        let body: JSONValue = [
          "schemas": ["urn:scim:schemas:core:1.0"], "displayName": .string("PRIMARY/\(name)"), "members": [member],
        ]
        #expect(try await server.send1(.PATCH, "/Groups/\(id)", body).status == 200)
      }
      #expect(try await server.members(of: new) == ["alice"])
      #expect(try await server.members(of: old) == [])
    }
  }

  /// Without a domain of its own the connector sends names as they are.
  @Test func namesWithoutADomain() async throws {
    try await withServer { server in
      let created = try await server.send1(.POST, "/Users", ["schemas": [], "userName": "alice"])
      #expect(try await find(server, "/Users?filter=userName%20Eq%20alice") == created.id)
      #expect(try await findAlice(server) == created.id)
    }
  }

  /// What it sends where a filter brought no id.
  @Test func theIdNull() async throws {
    try await withServer { server in
      let body: JSONValue = ["schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev"]
      let answer = try await server.send1(.PATCH, "/Groups/null", body)
      #expect(answer.status == 404)
      #expect(answer.json["Errors"]?.array?.count == 1)
    }
  }
}
