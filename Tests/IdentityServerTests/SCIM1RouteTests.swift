import LocalDirectory
import SCIM
import Testing

@testable import IdentityServer

struct SCIM1RouteTests {
  private func route(_ path: String) -> SCIM1Route? { SCIM1Route(path: path, catalog: .directory) }

  @Test func namesWhatIsThere() throws {
    let users = try #require(SchemaCatalog.directory.resourceType("User"))
    let groups = try #require(SchemaCatalog.directory.resourceType("Group"))
    #expect(route("/Users") == .resources(users))
    #expect(route("/Groups/") == .resources(groups))
    #expect(route("/Users/a%2fb") == .resource(users, id: "a/b"))
    #expect(route("/Users/me") == .me)
    #expect(route("/Groups/me") == .resource(groups, id: "me"))
    #expect(route("/Bulk") == .bulk)
    #expect(route("/ServiceProviderConfigs") == .serviceProviderConfigs)
  }

  @Test(arguments: ["", "/", "Users", "/Roles", "/users", "/Users/a/b", "/Bulk/1", "/Users/%ff", "/%zz", "/Users/%2"])
  func nothingElseIs(_ path: String) { #expect(route(path) == nil) }
}
