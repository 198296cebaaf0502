import SCIM
import Testing

@testable import LocalDirectory

/// Which filters an index answers.
struct NarrowingTests {
  private static func narrowing(_ type: String, _ filter: String) throws -> Narrowing? {
    let type = try #require(SchemaCatalog.directory.resourceType(type))
    return Narrowing(try Filter(parsing: filter), ResourceRules(type, catalog: .directory))
  }

  private static func key(_ attribute: String, _ value: String) -> Narrowing {
    .key(LookupKey(attribute: attribute, value: value))
  }

  @Test(
    arguments: [
      ("userName eq \"Alice\"", key("userName", "alice")),
      ("USERNAME eq \"Alice\"", key("userName", "alice")),
      ("urn:ietf:params:scim:schemas:core:2.0:User:externalId eq \"E1\"", key("externalId", "e1")),
      ("emails eq \"A@x.org\"", key("emails.value", "a@x.org")),
      ("emails.value eq \"A@x.org\"", key("emails.value", "a@x.org")),
      ("emails[type eq \"work\" and value eq \"A@x.org\"]", key("emails.value", "a@x.org")),
      ("id eq \"U1\"", .id("U1")),
      ("groups eq \"G1\"", .members(below: "g1")), ("roles.value eq \"r1\"", .members(below: "r1")),
      ("groups[value eq \"g1\"]", .members(below: "g1")),
      ("meta.created eq \"1970-01-01T00:00:01.5Z\"", .times(.created, 1499...1501)),
      ("meta.lastModified gt \"1970-01-01T00:00:01Z\"", .times(.modified, 999...Int.max)),
      ("meta.lastModified le \"1970-01-01T00:00:01Z\"", .times(.modified, Int.min...1001)),
      (
        "meta.created ge \"1970-01-01T00:00:01Z\" and meta.created lt \"1970-01-01T00:00:02Z\"",
        .times(.created, 999...2001)
      ),
      ("title pr and userName eq \"a\"", key("userName", "a")),
      ("userName eq \"a\" and not (title pr)", key("userName", "a")),
      ("userName eq \"a\" or id eq \"1\"", .either(key("userName", "a"), .id("1"))),
      ("displayName eq \"a\" and id eq \"1\"", .both(key("displayName", "a"), .id("1"))),
    ] as [(String, Narrowing)])
  func indexesAnswer(_ filter: String, _ expected: Narrowing) throws {
    #expect(try Self.narrowing("User", filter) == expected)
  }

  @Test(arguments: [
    "title eq \"Dr\"", "userName co \"a\"", "userName ne \"a\"", "userName pr", "userName sw \"\"",
    "not (userName eq \"a\")",
    "userName eq \"a\" or title eq \"Dr\"", "active eq true", "name.givenName eq \"a\"", "name eq \"a\"",
    "emails.type eq \"work\"", "userName.value eq \"a\"", "meta.location eq \"/Users/1\"",
    "meta.created ne \"1970-01-01T00:00:01Z\"",
    "meta.version eq \"1\"", "groups.display eq \"staff\"", "members eq \"u1\"", "groups sw \"g\"", "id sw \"1\"",
    "urn:example:2.0:Other:userName eq \"a\"",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:displayName eq \"a\"",
  ])
  func onlyAWalkAnswers(_ filter: String) throws {
    #expect(try Self.narrowing("User", filter) == nil)
  }

  @Test func membersAreFoundByTheirPlace() throws {
    #expect(try Self.narrowing("Group", "members eq \"U1\"") == .containers(of: "u1"))
    #expect(try Self.narrowing("Group", "members[value eq \"u1\"]") == .containers(of: "u1"))
    #expect(try Self.narrowing("Role", "groups.value eq \"g1\"") == .containers(of: "g1"))
    #expect(try Self.narrowing("Group", "members[display eq \"u1\"]") == nil)
  }

  @Test func beginningsAreRanges() throws {
    let range = { (from: String, before: String?) in
      Narrowing.keys(attribute: "userName", from: from, before: before)
    }
    #expect(
      try Self.narrowing("User", "userName sw \"Jose\"") == .either(range("jose", "josf"), range("jos\u{80}", "jot")))
    #expect(try Self.narrowing("User", "userName sw \"J\"") == .either(range("j", "k"), range("\u{80}", nil)))
    // From the first letter on that might join the one before it, only the beginning is certain.
    #expect(try Self.narrowing("User", "userName sw \"a\u{301}x\"") == .either(range("a", "b"), range("\u{80}", nil)))
    #expect(try Self.narrowing("User", "userName sw \"\u{1100}\"") == nil)
  }
}
