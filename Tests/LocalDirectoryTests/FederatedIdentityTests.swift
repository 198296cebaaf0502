import JSON
import LocalDirectory
import OpenID
import SCIM
import Testing

/// Whom identities at other providers belong to.
struct FederatedIdentityTests {
  private static let bob = FederatedIdentity(issuer: "https://id.example", subject: "b-1")

  @Test func anIdentityIsKeptWithItsUserOrNotAtAll() async throws {
    let fixture = try DirectoryFixture()
    let users = try #require(fixture.directory.catalog.resourceType("User"))
    let bob = try await fixture.directory.create(
      type: users, attributes: ["userName": "bob"], with: Self.bob, by: "identityProvider:is2")
    #expect(try await fixture.directory.user(of: Self.bob) == bob.id)
    let taken = await #expect(throws: SCIMError.self) {
      _ = try await fixture.directory.create(type: users, attributes: ["userName": "other"], with: Self.bob, by: "x")
    }
    #expect(taken?.status == 409)
    let other = FederatedIdentity(issuer: "https://id.example", subject: "b-2")
    let named = await #expect(throws: SCIMError.self) {
      _ = try await fixture.directory.create(type: users, attributes: ["userName": "BOB"], with: other, by: "x")
    }
    #expect(named?.kind == .uniqueness)
    #expect(try await fixture.directory.user(of: other) == nil)
    #expect(try await fixture.directory.list(type: users).totalResults == 1)
  }

  @Test func aUserHasOneIdentityOfEachIssuer() async throws {
    let fixture = try DirectoryFixture()
    let users = try #require(fixture.directory.catalog.resourceType("User"))
    let bob = try await fixture.directory.create(type: users, attributes: ["userName": "bob"], by: "x").id
    let eve = try await fixture.directory.create(type: users, attributes: ["userName": "eve"], by: "x").id
    try await fixture.directory.add(Self.bob, to: bob)
    try await fixture.directory.add(Self.bob, to: bob)
    let elsewhere = FederatedIdentity(issuer: "https://other.example", subject: "b-1")
    try await fixture.directory.add(elsewhere, to: bob)
    #expect(try await fixture.directory.identities(of: bob) == [Self.bob, elsewhere])
    let refused = [
      (Self.bob, eve, 409), (FederatedIdentity(issuer: "https://id.example", subject: "b-2"), bob, 409),
      (FederatedIdentity(issuer: "https://id.example", subject: "b-3"), "nobody", 404),
    ]
    for (identity, user, status) in refused {
      let error = await #expect(throws: SCIMError.self) { try await fixture.directory.add(identity, to: user) }
      #expect(error?.status == status)
    }
  }

  /// Byte by byte, as databases have it.
  @Test func equivalentSubjectsAreTwo() async throws {
    let fixture = try DirectoryFixture()
    let (kim, other) = (try await fixture.makeUser("kim").id, try await fixture.makeUser("other").id)
    try await fixture.directory.add(FederatedIdentity(issuer: "https://id.example", subject: "\u{212A}im"), to: kim)
    let plain = FederatedIdentity(issuer: "https://id.example", subject: "Kim")
    #expect(try await fixture.directory.user(of: plain) == nil)
    try await fixture.directory.add(plain, to: other)
    #expect(try await fixture.directory.user(of: plain) == other)
  }

  /// Whom an address leads to: the case of ASCII does not count, and whoever comes from elsewhere is not found.
  @Test func anAddressLeadsToLocalUsersOnly() async throws {
    let fixture = try DirectoryFixture()
    let mike = try await fixture.makeUser("mike", ["emails": [["value": "mike@corp.example"]]]).id
    let kelvin = try await fixture.makeUser("kelvin", ["emails": [["value": "mi\u{212A}e@corp.example"]]]).id
    let search = fixture.directory.localUsers
    #expect(try await search("MIKE@Corp.example") == [mike])
    #expect(try await search("mi\u{212A}e@corp.example") == [kelvin])
    #expect(try await search("mike@corp.example\u{0}.evil.example") == [])
    try await fixture.directory.add(Self.bob, to: mike)
    #expect(try await search("mike@corp.example") == [])
  }
}
