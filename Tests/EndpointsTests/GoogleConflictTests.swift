import HTTPTypes
import JSON
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

@Suite struct GoogleConflictTests {
  private let users: ResourceType
  private let groups: ResourceType

  init() throws {
    users = try #require(GoogleCatalog.standard.resourceType("User"))
    groups = try #require(GoogleCatalog.standard.resourceType("Group"))
  }

  @Test func whatTakesTheNameIsTold() async throws {
    let server = GoogleTestServer()
    try await server.use(.init(domain: "corp.example", onRemoval: .delete)) { [users, groups] endpoint in
      let gone = try await endpoint.create(GoogleFixtures.user("gone"), as: users)
      try await endpoint.delete(gone.id, of: users, version: nil)
      _ = try await endpoint.create(
        GoogleFixtures.user("ann", ["emails": [["value": "annie@corp.example", "type": "alias"]]]), as: users)
      _ = try await endpoint.create(Fixtures.group("Crew"), as: groups)
      for (name, part) in [
        ("gone", "restore the user"), ("annie", "an alias of the user ann@corp.example"),
        ("crew", "the address of the group Crew"),
      ] {
        let error = await failure { _ = try await endpoint.create(GoogleFixtures.user(name), as: users) }
        #expect(error?.kind == .rejected)
        #expect(error?.message.contains(part) == true)
      }
      // These can be adopted.
      #expect(await failure { _ = try await endpoint.create(GoogleFixtures.user("ann"), as: users) }?.kind == .conflict)
      #expect(await failure { _ = try await endpoint.create(Fixtures.group("Crew"), as: groups) }?.kind == .conflict)
      let error = await failure { _ = try await endpoint.create(Fixtures.group("Ann"), as: groups) }
      #expect(error?.message.contains("the address of the user ann@corp.example") == true)
    }
  }

  @Test func aCreateWithoutAnAnswerIsLookedUp() async throws {
    let server = GoogleTestServer()
    try await server.use { [users] endpoint in
      server.faults.queue(.post, .obeyThenAnswer(503))
      let made = try await endpoint.create(GoogleFixtures.user("ann"), as: users)
      #expect(made.userName == "ann@corp.example")
    }
    #expect(server.faults.requests(.post).count == 1)
  }
}
