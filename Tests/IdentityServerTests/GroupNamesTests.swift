import JSON
import NIOHTTP1
import Testing

@testable import IdentityServer

/// Names of groups as WSO2 Identity Server writes them, and as everybody else does.
struct GroupNamesTests {
  @Test func groupsAreQualifiedWhereThatIsAskedFor() async throws {
    var setup = ServerSetup()
    setup.configuration.groupNames = .qualified
    try await withServer(setup) { server in
      let ann = try await server.makeUser("ann", ["displayName": "Ann"])
      let inner = try await server.makeGroup("inner")
      let staff = try await server.makeGroup("PRIMARY/staff", members: [ann, inner])
      _ = try await server.makeGroup("SECONDARY/staff", members: [ann])

      let group = try await server.send(.GET, "/Groups/\(staff)?attributes=displayName,meta,members,members.display")
        .json
      #expect(group["displayName"] == "PRIMARY/staff")
      let members = Set((group["members"]?.array ?? []).compactMap { $0["display"]?.string })
      #expect(members == ["Ann", "PRIMARY/inner"])

      let user = try await server.send(.GET, "/Users/\(ann)").json
      #expect(user["userName"] == "ann")
      #expect(user["displayName"] == "Ann")
      let groups = Set((user["groups"]?.array ?? []).compactMap { $0["display"]?.string })
      #expect(groups == ["PRIMARY/staff", "SECONDARY/staff"])

      let list = try await server.send(.GET, "/Groups?filter=displayName+eq+%22PRIMARY/staff%22")
      #expect(list.resources.map { $0["displayName"] } == ["PRIMARY/staff"])
      #expect(try await server.send1(.GET, "/Groups/\(staff)").json["displayName"] == "PRIMARY/staff")

      // What is read can be written back.
      let again = try await server.send(.PUT, "/Groups/\(staff)", group)
      #expect(again.json["meta"]?["version"] == group["meta"]?["version"])
    }
  }

  @Test func othersReadThemPlain() async throws {
    try await withServer { server in
      let ann = try await server.makeUser("PRIMARY/ann")
      let staff = try await server.makeGroup("PRIMARY/staff", members: [ann])
      #expect(try await server.send(.GET, "/Groups/\(staff)").json["displayName"] == "staff")
      let user = try await server.send(.GET, "/Users/\(ann)").json
      #expect(user["userName"] == "ann")
      #expect(user["groups"]?.array?.first?["display"] == "staff")
    }
  }

  @Test func rolesOfGroupsNameThemToo() async throws {
    var setup = ServerSetup()
    setup.configuration.groupNames = .qualified
    try await withServer(setup) { server in
      let staff = try await server.makeGroup("staff")
      let role = try await server.send(
        .POST, "/Roles?attributes=displayName,groups.display",
        ["displayName": "login", "groups": [["value": .string(staff)]]])
      #expect(role.json["displayName"] == "login")
      #expect(role.json["groups"]?.array?.first?["display"] == "PRIMARY/staff")
    }
  }

  @Test func listingsTakeADomain() async throws {
    try await withServer { server in
      for name in ["ann", "SECONDARY/bob"] { _ = try await server.makeUser(name) }
      let secondary = try await server.send(.GET, "/Users?domain=SECONDARY")
      #expect(secondary.resources.map { $0["userName"] } == ["SECONDARY/bob"])
      let search: JSONValue = [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "domain": "secondary",
      ]
      #expect(try await server.send(.POST, "/Users/.search", search).resources.count == 1)
    }
  }
}
