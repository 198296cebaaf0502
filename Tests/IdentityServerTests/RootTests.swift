import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// Queries to the service as a whole (RFC 7644 sections 3.4.2.1 and 3.4.3).
struct RootTests {
  private func fill(_ server: ServerFixture) async throws {
    let ann = try await server.send(.POST, "/Users", ["userName": "ann", "displayName": "Zoe"])
    _ = try await server.send(
      .POST, "/Groups", ["displayName": "Crew", "members": [["value": .string(ann.id)]]])
    _ = try await server.send(.POST, "/Roles", ["displayName": "Boss"])
    _ = try await server.send(.POST, "/IdentityProviders", ["name": "partner", "displayName": "Partner"])
  }

  private func types(_ answer: Answer) -> [String] {
    answer.resources.compactMap { $0["meta"]?["resourceType"]?.string }
  }

  @Test(arguments: ["", "/"])
  func allTypesAreOneListing(_ path: String) async throws {
    try await withServer { server in
      try await fill(server)
      let all = try await server.send(.GET, path)
      #expect(all.status == 200)
      #expect(types(all) == ["User", "User", "Group", "Role", "IdentityProvider"])
      #expect(all.json["totalResults"] == 5)
      let page = try await server.send(.GET, "\(path)?startIndex=2&count=2")
      #expect(types(page) == ["User", "Group"])
      #expect(page.json["totalResults"] == 5)
    }
  }

  @Test(arguments: [
    ("meta.resourceType eq \"Group\"", ["Group"]),
    ("(meta.resourceType eq \"User\") or (meta.resourceType eq \"Role\")", ["User", "User", "Role"]),
    ("userName eq \"ann\"", ["User"]), ("displayName sw \"z\" or displayName sw \"b\"", ["User", "Role"]),
    ("not (userName pr)", ["Group", "Role", "IdentityProvider"]), ("members pr", ["Group"]),
    ("urn:ietf:params:scim:schemas:core:2.0:User:displayName pr", ["User"]), ("id eq \"4711\"", []),
  ])
  func filtersSeeOnlyWhatATypeHas(_ filter: String, _ expected: [String]) async throws {
    try await withServer { server in
      try await fill(server)
      let found = try await server.send(
        .POST, "/.search",
        ["schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": .string(filter)])
      #expect(found.status == 200, "\(found.json.text)")
      #expect(types(found) == expected)
      #expect(found.json["totalResults"] == .number(JSONNumber(expected.count)))
    }
  }

  /// The ids of everything, page by page along the cursors.
  private func walk(_ server: ServerFixture, sortBy: String?) async throws -> [String] {
    var walked: [String] = []
    var cursor: JSONValue? = ""
    while let next = cursor {
      var question: JSONObject = ["count": 2, "cursor": next]
      question["sortBy"] = sortBy.map(JSONValue.string)
      let page = try await server.send(.POST, "/.search", .object(question))
      walked += page.resources.compactMap { $0["id"]?.string }
      cursor = page.json["nextCursor"]
    }
    return walked
  }

  @Test func sortingAndCursorsGoAcrossTypes() async throws {
    try await withServer { server in
      try await fill(server)
      let sorted = try await server.send(.POST, "/.search", ["sortBy": "displayName", "attributes": ["displayName"]])
      #expect(
        sorted.resources.map { $0["displayName"]?.string } == ["Boss", "Crew", "Partner", "Zoe", nil])
      for sortBy in [nil, "displayName"] as [String?] {
        let walked = try await walk(server, sortBy: sortBy)
        let whole = try await server.send(.GET, "/?count=100" + (sortBy.map { "&sortBy=\($0)" } ?? ""))
        #expect(walked == whole.resources.compactMap { $0["id"]?.string })
      }
    }
  }

  @Test func whoMayReadNothingIsRefused() async throws {
    try await withServer { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "of-ann-1"])
      #expect(try await server.send(.GET, "/", as: "ann:of-ann-1").status == 403)
      #expect(try await server.send(.POST, "/.search", [:], as: "ann:of-ann-1").status == 403)
    }
  }
}
