import JSON
import SCIM
import Synchronization
import Testing

@testable import Endpoints

@Suite struct GoogleGroupTests {
  private let users: ResourceType
  private let groups: ResourceType
  private let roles: ResourceType

  init() throws {
    users = try #require(GoogleCatalog.standard.resourceType("User"))
    groups = try #require(GoogleCatalog.standard.resourceType("Group"))
    roles = try #require(GoogleCatalog.standard.resourceType("Role"))
  }

  // MARK: Groups

  @Test func aGroupGetsAnAddressFromItsName() async throws {
    #expect(try GoogleGroupMapping.address(of: "AWS Admins", domain: "corp.example") == "aws-admins@corp.example")
    #expect(try GoogleGroupMapping.address(of: "Årets døgn!", domain: "c.example").hasSuffix("@c.example"))
    #expect(try GoogleGroupMapping.address(of: "staff@corp.example", domain: nil) == "staff@corp.example")
    #expect(await failure { _ = try GoogleGroupMapping.address(of: "!!", domain: "c.example") }?.kind == .rejected)
    #expect(await failure { _ = try GoogleGroupMapping.address(of: "Staff", domain: nil) }?.kind == .misconfigured)
  }

  @Test func oneMemberKeepsNoOther() async throws {
    let server = GoogleTestServer()
    try await server.use { [users, groups] endpoint in
      let ann = try await endpoint.create(GoogleFixtures.user("ann"), as: users).id
      let group = try await endpoint.create(Fixtures.group("Crew"), as: groups).id
      let change = PatchOperation(
        .add, AttributePath("members"), value: [["value": "nobody"], ["value": .string(ann)]])
      let error = await failure { _ = try await endpoint.update(group, of: groups, .patch([change]), version: nil) }
      #expect(error?.kind == .rejected)
      #expect(error?.message.contains("the member nobody") == true)
      #expect(server.state.withLock { $0.members[group] } == [ann])
    }
  }

  @Test func aGroupIsRenamedAndKeepsItsAddress() async throws {
    let server = GoogleTestServer()
    try await server.use { [groups] endpoint in
      let group = try await endpoint.create(Fixtures.group("Crew"), as: groups).id
      let rename = PatchOperation(.replace, AttributePath("displayName"), value: "Team")
      _ = try await endpoint.update(group, of: groups, .patch([rename]), version: nil)
      let kept = server.state.withLock { $0.groups[group] }
      #expect(kept?["name"] == "Team" && kept?["email"] == "crew@corp.example")
    }
  }

  // MARK: Roles

  @Test func rolesAreAssignedAndWithdrawn() async throws {
    let server = GoogleTestServer()
    try await server.use { [users, roles] endpoint in
      let ann = try await endpoint.create(GoogleFixtures.user("ann"), as: users).id
      let made = try await endpoint.create(
        [
          "displayName": "Helpdesk", "permissions": ["00haapch16h1ysv/USERS_RETRIEVE"],
          "users": [["value": .string(ann)]],
        ], as: roles)
      // For a part of the account: another right, which is left alone.
      server.state.withLock { state in
        state.assignments["1"] = [
          "roleAssignmentId": "1", "roleId": .string(made.id), "assignedTo": "9", "scopeType": "ORG_UNIT",
          "orgUnitId": "o", "assigneeType": "user",
        ]
      }
      let found = try #require(try await endpoint.page(of: roles, at: nil).resources.first)
      #expect(found["permissions"] == ["00haapch16h1ysv/USERS_RETRIEVE"])
      #expect(MembershipEdit.ids(found["users"]) == [ann])
      let isAnn = Filter.compare(AttributePath("value"), .equal, .string(ann))
      let leave = PatchOperation(.remove, AttributePath("users", valueFilter: isAnn))
      _ = try await endpoint.update(made.id, of: roles, .patch([leave]), version: nil)
      #expect(server.state.withLock { $0.assignments.keys.sorted() } == ["1"])
    }
  }
}
