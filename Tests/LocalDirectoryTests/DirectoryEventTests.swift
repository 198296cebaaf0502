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
    #expect(events[0].attributes == .created)
    #expect(events[1].attributes == .difference(AttributeDifference(after: ["title": "Dr"])))
    #expect(try await fixture.directory.events(after: 1, limit: 1).map(\.sequence) == [2])
  }

  /// What was created, and all that became of it, shows although the resource is gone and only its last state was kept.
  @Test func changesTellWhatWasBeforeAndAfter() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["title": "Ms"])
    _ = try await fixture.patchUser(user.id, PatchOperation(.replace, AttributePath("title"), value: "Dr"))
    _ = try await fixture.patchUser(user.id, PatchOperation(.remove, AttributePath("title")))
    let states: [JSONObject?] =
      [["title": "Ms"], ["title": "Dr"], [:]].map { (title: JSONObject) in
        JSONObject(
          uniqueMembers: title.members + [
            .init(key: "schemas", value: [.string(SchemaURN.user)]), .init(key: "userName", value: "alice"),
          ])
      } + [nil]
    let events = try await fixture.directory.events(after: 0, limit: 10)
    #expect(try await fixture.directory.changes(events).map(\.after) == Array(states.prefix(3)))
    try await fixture.directory.delete(type: fixture.user, id: user.id, by: "carol")
    let all = try await fixture.directory.events(after: 0, limit: 10)
    #expect(try await fixture.directory.changes(all).map(\.before) == [nil] + states.prefix(3))
    #expect(try await fixture.directory.changes(all).map(\.after) == states)
    #expect(try await fixture.directory.changes([all[1]]).map(\.after) == [states[1]])
  }

  /// The attributes of an extension are shown by what the store says of them today, not by what the process knew first.
  @Test func secretsOfKeptExtensionsStayOutOfWhatWasCreated() async throws {
    let fixture = try DirectoryFixture()
    let pin = Attribute("pin", mutability: .writeOnly, returned: .never)
    let schema = SchemaExtension(
      Schema(id: "urn:example:badge", name: "Badge", attributes: [pin, Attribute("colour")]), of: "User")
    try await fixture.directory.keep([schema], by: "test")
    let extended = try await fixture.directory.extended()
    _ = try await extended.create(
      type: try extended.catalog.named("User"),
      attributes: ["userName": "ann", "urn:example:badge": ["pin": "canary", "colour": "red"]], by: "test")
    let changes = try await fixture.directory.changes(try await fixture.directory.events(after: 1, limit: 9))
    #expect(changes.first?.after?["urn:example:badge"] == ["colour": "red"])
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
