import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryWritingTests {
  @Test func aNewResourceHasIdMetaAndSchemas() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["externalId": "E1", "name": ["givenName": "Alice"]])
    #expect(user.id == "id-1")
    #expect(user["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"])
    #expect(user["meta"]?["resourceType"] == "User")
    #expect(user["meta"]?["location"] == "/Users/id-1")
    #expect(user["meta"]?["created"] == user["meta"]?["lastModified"])
    #expect(user["meta"]?["created"]?.string?.hasPrefix("2027-01-15T08:00:01.000Z") == true)
    #expect(user.version == "W/\"1\"")
    #expect(try await fixture.user(user.id) == user)
  }

  @Test func whatTheCallerMayNotSetIsIgnored() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser(
      "alice", ["id": "mine", "meta": ["version": "x"], "groups": [["value": "g"]], "USERNAME2": nil, "emails": []])
    #expect(user.id == "id-1")
    #expect(user.version == "W/\"1\"")
    #expect(user["groups"] == nil)
    #expect(user["emails"] == nil)
  }

  @Test func aValueStandsThereOnce() async throws {
    let fixture = try DirectoryFixture()
    let emails: JSONValue = [
      ["value": "a@x.org", "type": "work"], ["value": "A@x.org", "type": "work", "primary": false],
      ["value": "a@x.org", "type": "home"],
    ]
    let once: JSONValue = [["value": "a@x.org", "type": "work"], ["value": "a@x.org", "type": "home"]]
    let user = try await fixture.makeUser("alice", ["emails": emails])
    #expect(user["emails"] == once)
    let again = try await fixture.directory.replace(
      type: fixture.user, id: user.id, attributes: ["userName": "alice", "emails": emails], by: "test")
    #expect(again == user)
    let patched = try await fixture.patchUser(
      user.id, PatchOperation(.replace, AttributePath("emails"), value: [["value": "b"], ["value": "b"]]))
    #expect(patched["emails"] == [["value": "b"]])
  }

  @Test func attributeNamesAreSpelledAsInTheSchema() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.directory.create(
      type: fixture.user, attributes: ["USERNAME": "alice", "NAME": ["GivenName": "Alice"]], by: "test")
    #expect(user.userName == "alice")
    #expect(user["name"]?["givenName"] == "Alice")
  }

  @Test(arguments: ["", "   "]) func anEmptyUserNameIsRefused(_ name: String) async throws {
    let fixture = try DirectoryFixture()
    let error = await scimError { try await fixture.makeUser(name) }
    #expect(error?.status == 400)
    #expect(error?.kind == .invalidValue)
  }

  @Test func aUserWithoutUserNameIsRefused() async throws {
    let fixture = try DirectoryFixture()
    let error = await scimError {
      try await fixture.directory.create(type: fixture.user, attributes: ["displayName": "A"], by: "test")
    }
    #expect(error?.status == 400)
    #expect(error?.detail.contains("userName") == true)
  }

  @Test func namesAreUniqueWhateverTheirCase() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let bob = try await fixture.makeUser("bob")
    let error = await scimError { try await fixture.makeUser("ALICE") }
    #expect(error?.status == 409)
    #expect(error?.kind == .uniqueness)
    #expect(error?.detail.contains(alice.id) == false)
    let renaming = await scimError {
      try await fixture.patchUser(bob.id, PatchOperation(.replace, AttributePath("userName"), value: "Alice"))
    }
    #expect(renaming?.status == 409)
    #expect(
      try await fixture.patchUser(
        alice.id, PatchOperation(.replace, AttributePath("userName"), value: "Alice")
      ).userName == "Alice")
  }

  @Test func groupsAndRolesHaveNamesOfTheirOwn() async throws {
    let fixture = try DirectoryFixture()
    _ = try await fixture.makeGroup("Admins")
    _ = try await fixture.makeRole("Admins")
    #expect(await scimError { try await fixture.makeGroup("admins") }?.status == 409)
    #expect(await scimError { try await fixture.makeRole("admins") }?.status == 409)
  }

  @Test func replacingPutsEverythingInPlaceOfWhatWasThere() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["nickName": "Al", "title": "Dr"])
    let replaced = try await fixture.directory.replace(
      type: fixture.user, id: user.id, attributes: ["userName": "alice", "title": "Prof"], by: "test")
    #expect(replaced["nickName"] == nil)
    #expect(replaced["title"] == "Prof")
    #expect(replaced.version == "W/\"2\"")
    #expect(replaced["meta"]?["created"] == user["meta"]?["created"])
    #expect(replaced["meta"]?["lastModified"] != user["meta"]?["lastModified"])
  }

  @Test func aWriteThatChangesNothingLeavesVersionAndTime() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["title": "Dr"])
    let replaced = try await fixture.directory.replace(
      type: fixture.user, id: user.id, attributes: ["title": "Dr", "userName": "alice"], by: "test")
    #expect(replaced == user)
    #expect(
      try await fixture.patchUser(
        user.id, PatchOperation(.replace, AttributePath("title"), value: "Dr")) == user)
    #expect(try await fixture.directory.events(after: 0, limit: 10).count == 1)
  }

  @Test func anotherVersionThanTheCallerKnowsIsNotWritten() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice")
    _ = try await fixture.patchUser(user.id, PatchOperation(.replace, AttributePath("title"), value: "Dr"))
    let operation = PatchOperation(.replace, AttributePath("title"), value: "Prof")
    let stale = await scimError {
      try await fixture.directory.patch(
        type: fixture.user, id: user.id, operations: [operation], ifMatch: user.version, by: "test")
    }
    #expect(stale?.status == 412)
    let deletion = await scimError {
      try await fixture.directory.delete(type: fixture.user, id: user.id, ifMatch: "W/\"1\"", by: "test")
    }
    #expect(deletion?.status == 412)
    for tag in ["W/\"2\"", "\"1\", \"2\"", "*"] {
      _ = try await fixture.directory.patch(
        type: fixture.user, id: user.id,
        operations: [PatchOperation(.replace, AttributePath("title"), value: "Dr")], ifMatch: tag, by: "test")
    }
  }

  @Test func whatIsNotThereIsNotFound() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice")
    #expect(await scimError { try await fixture.user("nobody") }?.status == 404)
    #expect(await scimError { try await fixture.group(user.id) }?.status == 404)
    try await fixture.directory.delete(type: fixture.user, id: user.id, by: "test")
    #expect(await scimError { try await fixture.user(user.id) }?.status == 404)
    #expect(
      await scimError {
        try await fixture.directory.delete(type: fixture.user, id: user.id, by: "test")
      }?.status == 404)
    _ = try await fixture.makeUser("alice")
  }
}
