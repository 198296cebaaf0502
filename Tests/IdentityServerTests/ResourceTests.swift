import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// The life of resources over HTTP.
struct ResourceTests {
  @Test(arguments: SchemaCatalog.standard.resourceTypes)
  func everyTypeIsCreatedReadReplacedPatchedAndDeleted(_ type: ResourceType) async throws {
    try await withServer { server in
      var body = SchemaCatalog.standard.sample(of: type, named: "first")
      let created = try await server.send(.POST, type.endpoint, .object(body))
      #expect(created.status == 201, "\(created.json.text)")
      let path = "\(type.endpoint)/\(created.id)"
      #expect(created.header("Location") == server.base + path)
      #expect(created.header("ETag") == created.json["meta"]?["version"]?.string)
      #expect(created.json["meta"]?["resourceType"] == .string(type.name))
      #expect(try await server.send(.GET, path).json == created.json)

      body["externalId"] = "second"
      let replaced = try await server.send(.PUT, path, .object(body))
      #expect(replaced.status == 200)
      #expect(replaced.json["externalId"] == "second")

      let patched = try await server.send(.PATCH, path, patch("replace", "externalId", "third"))
      #expect(patched.status == 200)
      #expect(patched.json["externalId"] == "third")
      #expect(patched.header("ETag") != created.header("ETag"))

      #expect(try await server.send(.DELETE, path).status == 204)
      #expect(try await server.send(.GET, path).status == 404)
      #expect(try await server.send(.DELETE, path).status == 404)
    }
  }

  @Test func membershipShowsOnBothSidesAndEndsWithTheUser() async throws {
    try await withServer { server in
      let user = try await server.send(.POST, "/Users", ["userName": "ann"])
      let group = try await server.send(
        .POST, "/Groups", ["displayName": "pilots", "members": [["value": .string(user.id)]]])
      #expect(group.status == 201)
      let member = group.json["members"]?.array?.first
      #expect(member?["value"] == .string(user.id))
      #expect(member?["$ref"] == .string("\(server.base)/Users/\(user.id)"))
      #expect(member?["type"] == "User")

      let membership = try await server.send(.GET, "/Users/\(user.id)").json["groups"]?.array?.first
      #expect(membership?["value"] == .string(group.id))
      #expect(membership?["$ref"] == .string("\(server.base)/Groups/\(group.id)"))
      #expect(membership?["display"] == "pilots")

      #expect(try await server.send(.DELETE, "/Users/\(user.id)").status == 204)
      #expect(try await server.send(.GET, "/Groups/\(group.id)").json["members"] == nil)
    }
  }

  @Test func projectionHoldsForEveryMethod() async throws {
    try await withServer { server in
      let query = "?attributes=userName"
      let created = try await server.send(.POST, "/Users\(query)", ["userName": "ann", "displayName": "Ann"])
      #expect(created.json["userName"] == "ann")
      #expect(created.json["displayName"] == nil)
      #expect(!created.id.isEmpty)
      let path = "/Users/\(created.id)"
      #expect(try await server.send(.GET, path + query).json["displayName"] == nil)
      let replacement: JSONValue = ["userName": "ann", "displayName": "Ann"]
      #expect(try await server.send(.PUT, path + query, replacement).json["displayName"] == nil)
      let patched = try await server.send(.PATCH, path + "?excludedAttributes=displayName", patch("add", "title", "Dr"))
      #expect(patched.json["title"] == "Dr")
      #expect(patched.json["displayName"] == nil)
    }
  }

  @Test func entityTagsGuardReadsAndWrites() async throws {
    try await withServer { server in
      let created = try await server.send(.POST, "/Users", ["userName": "ann"])
      let (path, tag) = ("/Users/\(created.id)", try #require(created.header("ETag")))
      let known = try await server.send(.GET, path, headers: ["If-None-Match": tag])
      #expect(known.status == 304)
      #expect(known.bytes.isEmpty)
      #expect(known.header("ETag") == tag)
      #expect(known.header("Cache-Control") == "private, no-cache")
      // Some clients would follow it.
      #expect(known.header("Location") == nil)
      #expect(try await server.send(.GET, path, headers: ["If-None-Match": "W/\"x\", \(tag)"]).status == 304)
      #expect(try await server.send(.GET, path, headers: ["If-None-Match": "W/\"x\""]).status == 200)

      let stale = ["If-Match": "W/\"x\""]
      #expect(try await server.send(.PUT, path, ["userName": "bob"], headers: stale).status == 412)
      #expect(try await server.send(.PATCH, path, patch("add", "title", "Dr"), headers: stale).status == 412)
      #expect(try await server.send(.DELETE, path, headers: stale).status == 412)
      #expect(try await server.send(.GET, path, headers: stale).status == 412)
      #expect(try await server.send(.GET, path, headers: ["If-Match": "W/\"x\" ,\(tag)"]).status == 200)
      #expect(try await server.send(.GET, path, headers: ["If-None-Match": "*"]).status == 304)

      for known in ["*", tag, "W/\"x\", \(tag)", String(tag.dropFirst(2))] {
        let unless = ["If-None-Match": known]
        #expect(try await server.send(.PUT, path, ["userName": "bob"], headers: unless).status == 412)
        #expect(try await server.send(.PATCH, path, patch("add", "title", "Dr"), headers: unless).status == 412)
        #expect(try await server.send(.DELETE, path, headers: unless).status == 412)
      }
      #expect(
        try await server.send(.PATCH, path, patch("add", "title", "Dr"), headers: ["If-Match": tag]).status == 200)
      #expect(try await server.send(.DELETE, path, headers: ["If-Match": "*"]).status == 204)
    }
  }

  /// RFC 7644 section 3.14: the header has the tag, whatever the client wants to see of `meta`.
  @Test(arguments: ["attributes=userName", "attributes=meta.created", "excludedAttributes=meta,title"])
  func theTagIsToldWhereTheBodyLeavesItOut(_ query: String) async throws {
    try await withServer { server async throws in
      let created = try await server.send(.POST, "/Users?\(query)", ["userName": "ann"])
      let (path, tag) = ("/Users/\(created.id)?\(query)", try #require(created.header("ETag")))
      let read = try await server.send(.GET, path)
      #expect(read.header("ETag") == tag)
      #expect(try await server.send(.GET, path, headers: ["If-None-Match": tag]).status == 304)
      #expect(try await server.send(.GET, path, headers: ["If-Match": "W/\"x\""]).status == 412)
      let patched = try await server.send(.PATCH, path, patch("add", "title", "Dr"))
      let replaced = try await server.send(.PUT, path, ["userName": "ann"], headers: ["If-Match": "*"])
      let tags = [created, patched, replaced].compactMap { $0.header("ETag") }
      #expect(Set(tags).count == 3)
      for answer in [created, read, patched, replaced] { #expect(answer.json["meta"]?["version"] == nil) }
    }
  }

  @Test func whatHasNoPartsLeftIsLeftOut() async throws {
    try await withServer { server in
      let ann = try await server.send(
        .POST, "/Users", ["userName": "ann", "name": ["givenName": "Ann"], "emails": [["value": "ann@x.org"]]])
      let path = "/Users/\(ann.id)"
      #expect(try await server.send(.GET, path + "?excludedAttributes=name.givenName").json["name"] == nil)
      #expect(try await server.send(.GET, path + "?attributes=emails.type").json["emails"] == nil)
    }
  }

  @Test func addressesFollowThePublicURL() async throws {
    var setup = ServerSetup()
    setup.configuration.publicURL = "https://id.example.com"
    try await withServer(setup) { server in
      let created = try await server.send(.POST, "/Users", ["userName": "ann"])
      #expect(created.header("Location") == "https://id.example.com/scim2/Users/\(created.id)")
    }
  }
}

/// A PATCH request of one operation.
func patch(_ verb: String, _ path: String, _ value: JSONValue) -> JSONValue {
  [
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [["op": .string(verb), "path": .string(path), "value": value]],
  ]
}
