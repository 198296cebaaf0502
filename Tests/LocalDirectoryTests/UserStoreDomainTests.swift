import JSON
import LocalDirectory
import SCIM
import Testing

/// Names with and without the user store that they belong to.
struct UserStoreDomainTests {
  @Test(arguments: [
    ("bob", "bob"), ("PRIMARY/bob", "bob"), ("primary/bob", "bob"), ("Primary/PRIMARY/bob", "bob"),
    ("SECONDARY/bob", "SECONDARY/bob"), ("PRIMARYbob", "PRIMARYbob"), ("PRIMARY", "PRIMARY"),
    ("Internal/all", "Internal/all"),
    ("PRIMARY/", ""), ("", ""),
  ])
  func keepsNamesWithoutThePrimaryDomain(_ name: String, _ kept: String) {
    #expect(UserStoreDomain.kept(name) == kept)
    #expect(UserStoreDomain.kept(kept) == kept)
  }

  @Test func qualifiesWhatHasNoDomain() {
    #expect(UserStoreDomain.qualified("engineers") == "PRIMARY/engineers")
    #expect(UserStoreDomain.qualified("SECONDARY/engineers") == "SECONDARY/engineers")
    #expect(UserStoreDomain.kept(UserStoreDomain.qualified("engineers")) == "engineers")
  }

  @Test func primaryNamesAreOneAndOthersAreOthers() async throws {
    let fixture = try DirectoryFixture()
    let bob = try await fixture.makeUser("PRIMARY/bob")
    #expect(bob.userName == "bob")
    #expect(await status { try await fixture.makeUser("bob") } == 409)
    #expect(await status { try await fixture.makeUser("primary/BOB") } == 409)
    #expect(try await fixture.makeUser("SECONDARY/bob").userName == "SECONDARY/bob")
    #expect(await status { try await fixture.makeUser("secondary/bob") } == 409)
    #expect(await status { try await fixture.makeUser("PRIMARY/") } == 400)
  }

  @Test func groupsAndRolesAreNamedLikeUsers() async throws {
    let fixture = try DirectoryFixture()
    let group = try await fixture.makeGroup("PRIMARY/engineers")
    #expect(group.displayName == "engineers")
    #expect(await status { try await fixture.makeGroup("engineers") } == 409)
    #expect(try await fixture.makeRole("PRIMARY/login").displayName == "login")
    #expect(try await fixture.makeRole("Internal/login").displayName == "Internal/login")
    let renamed = try await fixture.patchGroup(
      group.id, PatchOperation(.replace, AttributePath("displayName"), value: "Primary/pilots"))
    #expect(renamed.displayName == "pilots")
    let replaced = try await fixture.directory.replace(
      type: fixture.group, id: group.id, attributes: ["displayName": "PRIMARY/pilots"], by: "test")
    #expect(replaced.version == renamed.version)
  }

  @Test func theDisplayNameOfAUserIsNoQualifiedName() async throws {
    let fixture = try DirectoryFixture()
    #expect(try await fixture.makeUser("ann", ["displayName": "PRIMARY/Ann"]).displayName == "PRIMARY/Ann")
  }

  @Test func passwordsAreThoseOfTheStore() async throws {
    let fixture = try DirectoryFixture()
    let bob = try await fixture.makeUser("bob", ["password": "first"])
    let other = try await fixture.makeUser("SECONDARY/bob", ["password": "second"])
    let directory = fixture.directory
    #expect(try await directory.authenticate(userName: "PRIMARY/Bob", password: "first")?.id == bob.id)
    #expect(try await directory.authenticate(userName: "secondary/bob", password: "second")?.id == other.id)
    #expect(try await directory.authenticate(userName: "bob", password: "second") == nil)
    #expect(try await directory.authenticate(userName: "TERTIARY/bob", password: "first") == nil)
  }

  @Test(arguments: [
    ("userName eq \"PRIMARY/alice\"", ["alice"]), ("userName eq \"primary/ALICE\"", ["alice"]),
    ("userName eq \"SECONDARY/alice\"", ["SECONDARY/alice"]),
    ("userName ne \"PRIMARY/alice\" and userName co \"alice\"", ["SECONDARY/alice", "alpha/alice"]),
    ("userName sw \"PRIMARY/al\"", ["alice"]), ("userName sw \"al\"", ["alice", "alpha/alice"]),
    ("userName sw \"PRIMARY/\"", ["alice", "carl"]), ("userName co \"PRIMARY/a\"", ["alice"]),
    ("userName ew \"PRIMARY/alice\"", ["alice"]),
    ("not (userName eq \"PRIMARY/alice\") and userName co \"a\"", ["SECONDARY/alice", "carl", "alpha/alice"]),
    ("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"PRIMARY/carl\"", ["carl"]),
    ("displayName eq \"PRIMARY/Ann\"", ["carl"]), ("groups.display eq \"PRIMARY/staff\"", ["alice"]),
    ("groups[display sw \"PRIMARY/st\"]", ["alice"]), ("groups[display eq \"PRIMARY/other\"]", []),
  ])
  func filtersReadNamesAsTheyAreSent(_ text: String, _ expected: [String]) async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    for name in ["SECONDARY/alice", "alpha/alice"] { _ = try await fixture.makeUser(name) }
    _ = try await fixture.makeUser("carl", ["displayName": "PRIMARY/Ann"])
    _ = try await fixture.makeGroup("staff", members: [alice.id])
    let list = try await fixture.directory.list(type: fixture.user, ListQuery(filter: Filter(parsing: text)))
    #expect(Set(list.resources.compactMap(\.userName)) == Set(expected))
  }

  @Test(arguments: [
    ("PRIMARY", ["alice", "carl"]), ("primary", ["alice", "carl"]), ("SECONDARY", ["SECONDARY/alice"]),
    ("secondary", ["SECONDARY/alice"]), ("NOWHERE", []),
  ])
  func listsOneStore(_ domain: String, _ expected: [String]) async throws {
    let fixture = try DirectoryFixture()
    for name in ["alice", "SECONDARY/alice", "PRIMARY/carl"] { _ = try await fixture.makeUser(name) }
    let list = try await fixture.directory.list(type: fixture.user, ListQuery(domain: domain))
    #expect(list.resources.compactMap(\.userName) == expected)
    #expect(list.totalResults == expected.count)
    let narrowed = try await fixture.directory.list(
      type: fixture.user, ListQuery(filter: Filter(parsing: "userName co \"alice\""), domain: domain))
    #expect(narrowed.resources.compactMap(\.userName) == expected.filter { $0.contains("alice") })
  }

  @Test func membersLeaveByTheNameThatTheyAreShownWith() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    let bob = try await fixture.makeUser("bob")
    let group = try await fixture.makeGroup("staff", members: [alice.id, bob.id])
    let left = try await fixture.patchGroup(
      group.id, PatchOperation(.remove, try AttributePath(parsing: "members[display eq \"PRIMARY/alice\"]")))
    #expect(left.values("members") == [bob.id])
  }

  private func status(_ operation: () async throws -> Resource) async -> Int? { await scimError(operation)?.status }
}
