import SCIM
import Testing

@testable import IdentityServer

struct RouteTests {
  private func route(_ path: String) -> Route? { Route(path: path, basePath: "/scim2", catalog: .standard) }

  @Test func pathsNameTypesResourcesAndDocuments() throws {
    let users = try #require(SchemaCatalog.standard.resourceType("User"))
    #expect(route("/scim2/Users") == .resources(users))
    #expect(route("/scim2/Users/") == .resources(users))
    #expect(route("/scim2/Users/.search") == .search(users))
    #expect(route("/scim2/Users/a%2Fb") == .resource(users, id: "a/b"))
    #expect(route("/scim2/Me") == .me)
    #expect(route("/scim2/Schemas/urn:x") == .schemas("urn:x"))
    #expect(route("/scim2") == .root)
    #expect(route("/scim2/") == .root)
    #expect(route("/scim2/.search") == .rootSearch)
    #expect(route("/scim2/Bulk") == .bulk)
  }

  @Test(arguments: [
    "", "/", "/scim2x/Users", "/scim2/%", "/Users", "/scim2/users", "/scim2/Users/a/b", "/scim2/Users/%",
    "/scim2/Users/%f",
    "/scim2/Users/%ff", "/scim2/Me/x", "/scim2/Bulk/x", "/scim2/.search/x", "/health/live", "/scim2/health/live",
  ])
  func otherPathsNameNothing(_ path: String) { #expect(route(path) == nil) }

  @Test func queriesAreDecodedAsForms() throws {
    let parameters = try QueryParameters(
      "filter=userName+eq+%22a%2Bb%22&count=7&count=8&empty=&flag&attributes=a,b%20,c.d")
    #expect(parameters["filter"] == #"userName eq "a+b""#)
    #expect(try parameters.int("count") == 7)
    #expect(parameters["empty"] == nil)
    #expect(parameters["flag"] == nil)
    #expect(try parameters.paths("attributes").map(\.description) == ["a", "b", "c.d"])
    #expect(throws: SCIMError.self) { try QueryParameters("a=%c3") }
  }
}
