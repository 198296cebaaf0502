import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryMemberPageTests {
  @Test func membersComeByNameAndPageByPage() async throws {
    let fixture = try DirectoryFixture()
    let names = ["carl", "Ann", "bob", "Änne"]
    var ids: [String] = []
    for name in names { ids.append(try await fixture.makeUser(name).id) }
    let inner = try await fixture.makeGroup("apes")
    let group = try await fixture.makeGroup("zoo", members: ids + [inner.id])
    let directory = fixture.directory
    let first = try await directory.members(of: fixture.group, id: group.id, limit: 3)
    #expect(first.members.map(\.label) == ["Ann", "apes", "bob"] && first.total == 5)
    let second = try await directory.members(of: fixture.group, id: group.id, offset: 3, limit: 3)
    #expect(second.members.map(\.label) == ["carl", "Änne"])
    let found = try await directory.members(of: fixture.group, id: group.id, matching: "ÄN", limit: 3)
    #expect(found.members == [ResourceSummary(type: "User", id: ids[3], label: "Änne")] && found.total == 1)
    #expect(try await directory.members(among: [ids[0], "none"], of: fixture.group, id: group.id) == [ids[0]])
    #expect(await scimError { try await directory.members(of: fixture.group, id: "none", limit: 1) }?.status == 404)
  }

  @Test func rolesListUsersAndGroups() async throws {
    let fixture = try DirectoryFixture()
    let ann = try await fixture.makeUser("ann")
    let group = try await fixture.makeGroup("staff")
    let role = try await fixture.makeRole("auditor", users: [ann.id], groups: [group.id])
    let page = try await fixture.directory.members(of: fixture.role, id: role.id, limit: 9)
    #expect(page.members.map(\.type) == ["User", "Group"])
  }

  @Test func everyWayIsTold() async throws {
    let fixture = try DirectoryFixture()
    let ann = try await fixture.makeUser("ann")
    let team = try await fixture.makeGroup("team", members: [ann.id])
    let club = try await fixture.makeGroup("club", members: [ann.id])
    let staff = try await fixture.makeGroup("staff", members: [team.id, club.id])
    _ = try await fixture.makeRole("auditor", users: [ann.id], groups: [staff.id])
    let ways = try await fixture.directory.ways(of: ann.id).map { way in
      (way.through.map(\.label) + [way.container.label]).joined(separator: ">")
    }
    #expect(
      Set(ways) == ["team", "club", "auditor", "team>staff", "club>staff", "team>staff>auditor"])
    #expect(ways.count == 6)
    #expect(try await fixture.directory.ways(of: "none") == [])
  }
}
