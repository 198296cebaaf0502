import JSON
import LocalDirectory
import SCIM
import Testing

struct DirectoryListingTests {
  private func people(_ fixture: DirectoryFixture) async throws {
    for (name, title) in [("dora", "b"), ("alice", "C"), ("carl", nil), ("bob", "a")] as [(String, String?)] {
      _ = try await fixture.makeUser(
        name, ["title": title.map(JSONValue.string) ?? .null, "emails": [["value": .string("\(name)@example.com")]]])
    }
  }

  private func names(_ fixture: DirectoryFixture, _ query: ListQuery) async throws -> [String] {
    try await fixture.directory.list(type: fixture.user, query).resources.compactMap(\.userName)
  }

  @Test func pagesFollowTheOrderOfCreation() async throws {
    let fixture = try DirectoryFixture()
    try await people(fixture)
    let page = try await fixture.directory.list(type: fixture.user, ListQuery(startIndex: 2, count: 2))
    #expect(page.resources.compactMap(\.userName) == ["alice", "carl"])
    #expect(page.totalResults == 4)
    #expect(page.startIndex == 2)
    #expect(page.itemsPerPage == 2)
    #expect(try await names(fixture, ListQuery(startIndex: -3, count: 1)) == ["dora"])
    #expect(try await names(fixture, ListQuery(startIndex: 9)) == [])
    let counted = try await fixture.directory.list(type: fixture.user, ListQuery(count: 0))
    #expect(counted.totalResults == 4)
    #expect(counted.resources.isEmpty)
  }

  @Test(arguments: [
    ("userName eq \"ALICE\"", ["alice"]), ("id eq \"id-4\"", ["bob"]),
    ("emails.value eq \"Carl@example.com\"", ["carl"]),
    ("emails[value eq \"bob@example.com\"]", ["bob"]), ("emails eq \"bob@example.com\"", ["bob"]),
    ("userName eq \"bob\" and title eq \"x\"", []), ("userName eq \"bob\" or id eq \"id-1\"", ["dora", "bob"]),
    ("userName eq \"bob\" or userName eq \"dora\"", ["dora", "bob"]), ("title pr", ["dora", "alice", "bob"]),
    ("not (userName eq \"bob\")", ["dora", "alice", "carl"]), ("userName sw \"d\"", ["dora"]),
  ])
  func filters(_ text: String, _ expected: [String]) async throws {
    let fixture = try DirectoryFixture()
    try await people(fixture)
    #expect(try await names(fixture, ListQuery(filter: Filter(parsing: text))) == expected)
  }

  @Test func filtersOnMembersAndGroups() async throws {
    let fixture = try DirectoryFixture()
    let alice = try await fixture.makeUser("alice")
    _ = try await fixture.makeUser("bob")
    let group = try await fixture.makeGroup("staff", members: [alice.id])
    #expect(
      try await names(fixture, ListQuery(filter: Filter(parsing: "groups.value eq \"\(group.id)\""))) == ["alice"])
    let groups = try await fixture.directory.list(
      type: fixture.group, ListQuery(filter: Filter(parsing: "members[value eq \"\(alice.id)\"]")))
    #expect(groups.resources.map(\.id) == [group.id])
  }

  @Test(arguments: [
    "password pr", "not (password eq \"x\")", "urn:ietf:params:scim:schemas:core:2.0:User:password sw \"a\"",
    "userName pr and PASSWORD co \"a\"",
  ])
  func nothingIsFoundByWhatIsNeverTold(_ filter: String) async throws {
    let fixture = try DirectoryFixture()
    let query = ListQuery(filter: try Filter(parsing: filter))
    #expect(await scimError { try await fixture.directory.list(type: fixture.user, query) }?.kind == .sensitive)
    let sorted = ListQuery(sortBy: AttributePath("password"))
    #expect(await scimError { try await fixture.directory.list(type: fixture.user, sorted) }?.kind == .sensitive)
  }

  @Test(arguments: [
    "authenticators.clientSecret sw \"a\"", "authenticators[clientSecret sw \"a\"]",
    "authenticators[type eq \"openidconnect\" and not (clientSecret ew \"a\")]",
  ])
  func secretsWithinAreNotFoundBitByBit(_ filter: String) async throws {
    let fixture = try DirectoryFixture()
    let providers = try fixture.directory.catalog.named("IdentityProvider")
    let query = ListQuery(filter: try Filter(parsing: filter))
    #expect(await scimError { try await fixture.directory.list(type: providers, query) }?.kind == .sensitive)
  }

  @Test func filteredPagesCountAllMatches() async throws {
    let fixture = try DirectoryFixture()
    try await people(fixture)
    let page = try await fixture.directory.list(
      type: fixture.user, ListQuery(filter: Filter(parsing: "title pr"), startIndex: 2, count: 1))
    #expect(page.resources.compactMap(\.userName) == ["alice"])
    #expect(page.totalResults == 3)
  }

  @Test func sortingIgnoresCaseAndPutsWhatIsMissingLast() async throws {
    let fixture = try DirectoryFixture()
    try await people(fixture)
    let title = AttributePath("title")
    #expect(try await names(fixture, ListQuery(sortBy: title)) == ["bob", "dora", "alice", "carl"])
    #expect(try await names(fixture, ListQuery(sortBy: title, descending: true)) == ["carl", "alice", "dora", "bob"])
    #expect(
      try await names(fixture, ListQuery(sortBy: AttributePath("emails"), startIndex: 2, count: 2)) == ["bob", "carl"])
  }

  /// RFC 7644 section 3.4.2.3.
  @Test(arguments: ["emails", "emails.value"])
  func thePrimaryOfSeveralValuesCountsInTheOrder(_ path: String) async throws {
    let fixture = try DirectoryFixture()
    for (name, emails) in [
      ("ann", [["value": "a@x"], ["value": "z@x", "primary": true]]),
      ("bob", [["value": "m@x"], ["value": "b@x"]]), ("cid", []),
    ] as [(String, JSONValue)] {
      _ = try await fixture.makeUser(name, ["emails": emails])
    }
    let query = ListQuery(sortBy: try AttributePath(parsing: path))
    #expect(try await names(fixture, query) == ["bob", "ann", "cid"])
  }

  @Test func projectionsKeepWhatIsAlwaysReturned() async throws {
    let fixture = try DirectoryFixture()
    _ = try await fixture.makeUser("alice", ["title": "Dr", "name": ["givenName": "Alice", "familyName": "A"]])
    let only = try await fixture.directory.list(
      type: fixture.user, ListQuery(attributes: [AttributePath("name", sub: "givenName")])
    ).resources
    #expect(only.first?.attributes.keys.sorted() == ["id", "name", "schemas"])
    #expect(only.first?["name"] == ["givenName": "Alice"])
    let without = try await fixture.directory.list(
      type: fixture.user, ListQuery(excludedAttributes: [AttributePath("title"), AttributePath("id")])
    ).resources
    #expect(without.first?["title"] == nil)
    #expect(without.first?.id == "id-1")
    #expect(without.first?.userName == "alice")
  }

  @Test func projectionsReachIntoExtensions() async throws {
    let fixture = try DirectoryFixture()
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    let user = try await fixture.makeUser("alice", [urn: ["department": "R&D", "costCenter": "7"]])
    #expect(user["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User", .string(urn)])
    let projection = Projection(attributes: [AttributePath(schema: urn, "department")])
    let part = try await fixture.directory.resource(type: fixture.user, id: user.id, projection: projection)
    #expect(part[urn] == ["department": "R&D"])
    #expect(part.userName == nil)
  }
}
