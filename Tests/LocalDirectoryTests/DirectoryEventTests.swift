import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryEventTests {
  @Test func everyWriteLeavesAnEvent() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice")
    _ = try await fixture.directory.patch(
      type: fixture.user, id: user.id,
      operations: [PatchOperation(.replace, AttributePath("title"), value: "Dr")], by: "carol")
    try await fixture.directory.delete(type: fixture.user, id: user.id, by: "carol")
    let events = try await fixture.directory.events(after: 0, limit: 10)
    #expect(events.map(\.sequence) == [1, 2, 3])
    #expect(events.map(\.action) == [.create, .update, .delete])
    #expect(events.map(\.author.name) == ["test", "carol", "carol"])
    #expect(events.allSatisfy { $0.resourceType == "User" && $0.id == user.id })
    #expect(events[1].before?["title"] == nil)
    #expect(events[1].after?["title"] == "Dr")
    #expect(events[2].before?["title"] == "Dr")
    #expect(events[2].after == nil)
    #expect(try await fixture.directory.events(after: 1, limit: 1).map(\.sequence) == [2])
  }

  @Test func membershipChangesNameWhoComesAndGoes() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    try await fixture.directory.delete(type: fixture.user, id: alice.id, by: "test")
    let membership = Membership(container: group.id, attribute: "members", member: alice.id)
    let events = try await fixture.directory.events(after: 1, limit: 10)
    #expect(events.map(\.membership.added) == [[membership], [], []])
    #expect(events.map(\.membership.removed) == [[], [membership], []])
    #expect(events.map(\.id) == [group.id, group.id, alice.id])
  }

  @Test func aRefusedWriteLeavesNone() async throws {
    let fixture = try DirectoryFixture()
    _ = await scimError { try await fixture.makeGroup("staff", members: ["nobody"]) }
    #expect(try await fixture.directory.events(after: 0, limit: 10).isEmpty)
  }
}
