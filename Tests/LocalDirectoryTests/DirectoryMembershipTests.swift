import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryMembershipTests {
  @Test func membersAndGroupsMirrorEachOther() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice", ["displayName": "Alice"])
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    #expect(
      group["members"] == [["value": .string(alice.id), "$ref": .string("/Users/\(alice.id)"), "type": "User"]])
    let groups = try await fixture.user(alice.id)["groups"]
    #expect(
      groups == [
        ["value": .string(group.id), "$ref": .string("/Groups/\(group.id)"), "display": "staff", "type": "direct"]
      ])
  }

  @Test func namesOfMembersAreToldOnRequest() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice", ["displayName": "Alice"])
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    let name = AttributePath("members", sub: "display")
    let besides = try await fixture.directory.resource(
      type: fixture.group, id: group.id, projection: Projection(requesting: [name]))
    #expect(
      besides["members"] == [
        ["value": .string(alice.id), "$ref": .string("/Users/\(alice.id)"), "display": "Alice", "type": "User"]
      ])
    #expect(besides.displayName == "staff")
    let alone = try await fixture.directory.resource(
      type: fixture.group, id: group.id, projection: Projection(attributes: [name]))
    #expect(alone["members"] == [["display": "Alice"]])
    #expect(alone.displayName == nil)
  }

  @Test func nestedGroupsAndTheirRolesAreIndirect() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let team = try await fixture.makeGroup("team", members: [alice.id])
    let staff = try await fixture.makeGroup("staff", members: [team.id])
    let own = try await fixture.makeRole("own", users: [alice.id])
    let inherited = try await fixture.makeRole("inherited", groups: [staff.id])
    let user = try await fixture.user(alice.id)
    #expect(user.types("groups") == [team.id: "direct", staff.id: "indirect"])
    #expect(user.types("roles") == [own.id: "direct", inherited.id: "indirect"])
    #expect(try await fixture.group(staff.id).types("members") == [team.id: "Group"])
  }

  @Test func rolesAreNotWrittenThroughTheUser() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let operation = PatchOperation(.add, AttributePath("roles"), value: [["value": "admin"]])
    let error = await scimError {
      try await fixture.directory.patch(type: fixture.user, id: alice.id, operations: [operation], by: "test")
    }
    #expect(error?.kind == .mutability)
  }

  @Test func strangersAreRefused() async throws {
    let fixture = try DirectoryFixture()
    let role = try await fixture.makeRole("role")
    for id in ["nobody", role.id] {
      let error = await scimError { try await fixture.makeGroup("staff", members: [id]) }
      #expect(error?.status == 400)
      #expect(error?.kind == .invalidValue)
    }
    #expect(try await fixture.directory.list(type: fixture.group).totalResults == 0)
  }

  @Test func unknownMembersMayBeLeftOutOfWhatIsAdded() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let role = try await fixture.makeRole("role")
    let group = try await fixture.makeGroup("staff")
    func patch(_ verb: PatchOperation.Verb, _ ids: [String], _ unknown: UnknownMembers) async throws -> Resource {
      let operation = PatchOperation(verb, AttributePath("members"), value: DirectoryFixture.references(ids))
      return try await fixture.directory.patch(
        type: fixture.group, id: group.id, operations: [operation], unknownMembers: unknown, by: "test")
    }
    #expect(await scimError { try await patch(.add, ["nobody", alice.id], .refused) }?.status == 400)
    #expect(try await patch(.add, ["nobody", alice.id], .ignored).values("members") == [alice.id])
    #expect(await scimError { try await patch(.replace, ["nobody"], .ignored) }?.status == 400)
    #expect(await scimError { try await patch(.add, [role.id], .ignored) }?.status == 400)
  }

  @Test func circlesOfGroupsAreRefused() async throws {
    let fixture = try DirectoryFixture()
    let inner = try await fixture.makeGroup("inner")
    let middle = try await fixture.makeGroup("middle", members: [inner.id])
    let outer = try await fixture.makeGroup("outer", members: [middle.id])
    for id in [inner.id, outer.id] {
      let error = await scimError {
        try await fixture.patchGroup(
          inner.id, PatchOperation(.add, AttributePath("members"), value: DirectoryFixture.references([id])))
      }
      #expect(error?.status == 400)
    }
  }

  @Test func whoIsDeletedLeavesGroupsAndRoles() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let bob = try await fixture.makeUser("bob")
    let group = try await fixture.makeGroup("staff", members: [alice.id, bob.id])
    let role = try await fixture.makeRole("role", users: [alice.id])
    try await fixture.directory.delete(type: fixture.user, id: alice.id, by: "test")
    let after = try await fixture.group(group.id)
    #expect(after.values("members") == [bob.id])
    #expect(after.version == "W/\"2\"")
    #expect(try await fixture.directory.resource(type: fixture.role, id: role.id)["users"] == nil)
  }

  @Test func aGroupThatIsDeletedIsGoneFromItsMembers() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    try await fixture.directory.delete(type: fixture.group, id: group.id, by: "test")
    #expect(try await fixture.user(alice.id)["groups"] == nil)
  }

  @Test func patchesOnMembersAreSetOperations() async throws {
    let fixture = try DirectoryFixture()
    let ids = try await ["a", "b", "c"].asyncMap { try await fixture.makeUser($0).id }
    let group = try await fixture.makeGroup("staff", members: [ids[0]])
    let members = AttributePath("members")
    func operation(_ verb: PatchOperation.Verb, _ named: [String]) -> PatchOperation {
      PatchOperation(verb, members, value: DirectoryFixture.references(named))
    }
    func named(_ id: String) -> AttributePath {
      AttributePath("members", valueFilter: .compare(AttributePath("value"), .equal, .string(id)))
    }
    #expect(
      try await fixture.patchGroup(group.id, operation(.add, [ids[0], ids[1]])).values("members") == [ids[0], ids[1]])
    #expect(
      try await fixture.patchGroup(group.id, PatchOperation(.remove, named(ids[0]))).values("members") == [ids[1]])
    #expect(
      try await fixture.patchGroup(
        group.id, operation(.add, [ids[2]]), operation(.remove, [ids[1]])
      ).values("members") == [ids[2]])
    #expect(try await fixture.patchGroup(group.id, operation(.replace, ids)).values("members") == ids)
    let object: JSONValue = ["displayName": "all", "members": DirectoryFixture.references([ids[1]])]
    let renamed = try await fixture.patchGroup(group.id, PatchOperation(.replace, value: object))
    #expect(renamed.displayName == "all")
    #expect(renamed.values("members") == [ids[1]])
    #expect(try await fixture.patchGroup(group.id, PatchOperation(.remove, members))["members"] == nil)
  }

  @Test func addingWhoIsThereAndRemovingWhoIsNotChangesNothing() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let bob = try await fixture.makeUser("bob")
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    let path = AttributePath("members")
    let same = try await fixture.patchGroup(
      group.id, PatchOperation(.add, path, value: DirectoryFixture.references([alice.id])),
      PatchOperation(.remove, path, value: DirectoryFixture.references([bob.id])))
    #expect(same == group)
  }

  @Test func aFilterOnMembersThatOnlyTheListAnswers() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let inner = try await fixture.makeGroup("inner")
    let group = try await fixture.makeGroup("staff", members: [alice.id, inner.id])
    let users = AttributePath("members", valueFilter: .compare(AttributePath("type"), .equal, "User"))
    #expect(try await fixture.patchGroup(group.id, PatchOperation(.remove, users)).values("members") == [inner.id])
  }
}

extension Sequence {
  func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
