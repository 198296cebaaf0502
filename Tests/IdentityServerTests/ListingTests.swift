import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// GET of a resource type, and the same question by POST.
struct ListingTests {
  @Test func pagesFiltersAndSorts() async throws {
    try await withServer { server in
      for name in ["cid", "ann", "bob"] {
        _ = try await server.send(.POST, "/Users", ["userName": .string(name), "title": "pilot"])
      }
      let all = try await server.send(.GET, "/Users")
      #expect(all.status == 200)
      #expect(all.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
      #expect(all.json["totalResults"] == 4)
      #expect(all.resources.count == 4)
      #expect(all.resources.last?["meta"]?["location"]?.string?.hasPrefix(server.base) == true)

      let page = try await server.send(.GET, "/Users?startIndex=2&count=2")
      #expect(page.json["totalResults"] == 4)
      #expect(page.json["startIndex"] == 2)
      #expect(page.json["itemsPerPage"] == 2)
      #expect(names(page) == ["cid", "ann"])
      #expect(try await server.send(.GET, "/Users?count=0").json["totalResults"] == 4)
      #expect(try await server.send(.GET, "/Users?count=-1&startIndex=-7").resources.isEmpty)
      #expect(try await server.send(.GET, "/Users?startIndex=9").resources.isEmpty)

      let pilots = "filter=title%20eq%20%22pilot%22"
      #expect(names(try await server.send(.GET, "/Users?\(pilots)&sortBy=userName")) == ["ann", "bob", "cid"])
      let descending = try await server.send(.GET, "/Users?\(pilots)&sortBy=userName&sortOrder=descending&count=2")
      #expect(names(descending) == ["cid", "bob"])
      #expect(descending.json["totalResults"] == 3)
      #expect(names(try await server.send(.GET, "/Users?filter=userName+eq+%22ANN%22")) == ["ann"])
      let none = try await server.send(.GET, "/Users?filter=userName+eq+%22dee%22")
      #expect(none.status == 200)
      #expect(none.json["totalResults"] == 0)
    }
  }

  /// By what answers tell, and not by what is kept of it.
  @Test func referencesAreFoundAsTheyAreTold() async throws {
    try await withServer { server in
      let boss = try await server.send(.POST, "/Users", ["userName": "boss"])
      let place = try #require(boss.header("Location"))
      let ann = try await server.send(
        .POST, "/Users",
        ["userName": "ann", SchemaURN.enterpriseUser: ["manager": ["$ref": .string(place), "value": "x"]]])
      let staff = try await server.send(
        .POST, "/Groups",
        ["displayName": "staff", "members": [["value": .string(boss.id)], ["value": .string(ann.id)]]])
      let group = try #require(staff.header("Location"))
      let manager = "\(SchemaURN.enterpriseUser):manager.$ref"
      for (path, filter, found) in [
        ("/Users", "meta.location eq \"\(place)\"", [boss.id]), ("/Users", "\(manager) eq \"\(place)\"", [ann.id]),
        ("/Users", "groups[$ref eq \"\(group)\"]", [boss.id, ann.id]),
        ("/Users", "groups pr and meta.location ne \"\(place)\"", [ann.id]),
        ("/Groups", "not (members.$ref eq \"\(place)\")", []), ("/Groups", "members.$ref eq \"\(place)\"", [staff.id]),
      ] {
        let answer = try await server.send(.POST, path + "/.search", ["filter": .string(filter)])
        #expect(answer.resources.compactMap { $0["id"]?.string } == found, "\(filter)")
      }
      let operation: JSONValue = ["op": "remove", "path": .string("members[$ref eq \"\(place)\"]")]
      let left = try await server.send(
        .PATCH, "/Groups/\(staff.id)", ["schemas": [.string(SchemaURN.patchRequest)], "Operations": [operation]])
      #expect(left.json["members"]?.array?.compactMap { $0["value"]?.string } == [ann.id])
    }
  }

  @Test func searchAsksTheSameInABody() async throws {
    try await withServer { server in
      for name in ["ann", "bob"] { _ = try await server.send(.POST, "/Users", ["userName": .string(name)]) }
      let found = try await server.send(
        .POST, "/Users/.search",
        [
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName sw \"b\"",
          "attributes": ["userName"], "startIndex": 1, "count": 10,
        ])
      #expect(found.status == 200, "\(found.json.text)")
      #expect(names(found) == ["bob"])
      #expect(found.resources.first?["meta"] == nil)
    }
  }

  @Test func pagesAreNeverLongerThanTheConfigurationAllows() async throws {
    var setup = ServerSetup()
    setup.configuration.maxResults = 2
    try await withServer(setup) { server in
      for name in ["ann", "bob"] { _ = try await server.send(.POST, "/Users", ["userName": .string(name)]) }
      let page = try await server.send(.GET, "/Users?count=500")
      #expect(page.resources.count == 2)
      #expect(page.json["itemsPerPage"] == 2)
      #expect(page.json["totalResults"] == 3)
    }
  }

  private func names(_ answer: Answer) -> [String] { answer.resources.compactMap { $0["userName"]?.string } }
}
