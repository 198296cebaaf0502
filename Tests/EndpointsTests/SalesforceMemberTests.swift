import HTTPTypes
import JSON
import SCIM
import Testing

@testable import Endpoints

@Suite struct SalesforceMemberTests {
  private let groups: ResourceType
  private let roles: ResourceType

  init() throws {
    groups = try Fixtures.type("Group")
    roles = try Fixtures.type("Role")
  }

  @Test(arguments: [1, 2, 450])
  func membersComeAndGoByFewCalls(count: Int) async throws {
    let store = SalesforceStore()
    let people = (0..<count).map { store.insert("User", ["Username": .string("u\($0)")]) }
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults, store: store) { [groups] endpoint, _ in
      let group = try await endpoint.create(Fixtures.group("crew", members: people), as: groups)
      let posts = count == 1 ? 2 : 1 + (count + 199) / 200
      #expect(faults.requests(.post).count == posts)
      #expect(store.records("GroupMember").count == count)
      let seen = try #require(try await endpoint.page(of: groups, at: nil).resources.first)
      #expect(Set((seen["members"]?.array ?? []).compactMap { $0["value"]?.string }) == Set(people))
      let removals = people.map { id in
        PatchOperation(
          .remove, AttributePath("members", valueFilter: .compare(AttributePath("value"), .equal, .string(id))))
      }
      _ = try await endpoint.update(group.id, of: groups, .patch(removals), version: nil)
      #expect(store.records("GroupMember").isEmpty)
      #expect(faults.requests(.delete).count == (count == 1 ? 1 : (count + 199) / 200))
    }
  }

  @Test func oneBadRecordOfManyIsTold() async throws {
    let store = SalesforceStore()
    let people = (0..<3).map { store.insert("User", ["Username": .string("u\($0)")]) }
    try await SalesforceTestServer.use(store: store) { [groups] endpoint, _ in
      let error = await failure {
        _ = try await endpoint.create(Fixtures.group("crew", members: people + ["005nobody"]), as: groups)
      }
      #expect(error?.message.contains("created, but not with all members: INVALID_CROSS_REFERENCE_KEY") == true)
      #expect(store.records("GroupMember").count == 3)
    }
  }

  @Test func recordsThatAreLockedAreTriedAgain() async throws {
    let store = SalesforceStore()
    let people = (0..<2).map { store.insert("User", ["Username": .string("u\($0)")]) }
    let faults = FaultPlan()
    let clock = ManualClock()
    try await SalesforceTestServer.use(faults: faults, store: store, clock: clock) { [groups] endpoint, _ in
      let group = try await endpoint.create(Fixtures.group("crew"), as: groups)
      let locked = #"{"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"busy","fields":[]}]}"#
      faults.queue(.post, .refuse(200, body: "[\(locked),\(locked)]"))
      let add = PatchOperation(.add, AttributePath("members"), value: .array(people.map { ["value": .string($0)] }))
      _ = try await endpoint.update(group.id, of: groups, .patch([add]), version: nil)
      #expect(store.records("GroupMember").count == 2)
    }
    #expect(!clock.sleeps.isEmpty)
  }

  @Test func permissionSetsAreRoles() async throws {
    let store = SalesforceStore()
    let ada = store.insert("User", ["Username": "ada"])
    store.insert("PermissionSet", ["Label": "of a profile", "IsOwnedByProfile": true])
    try await SalesforceTestServer.use(store: store) { [roles] endpoint, _ in
      var role: JSONObject = ["displayName": "Order entry (EMEA)"]
      role["users"] = [["value": .string(ada)]]
      let made = try await endpoint.create(role, as: roles)
      #expect(store.record("PermissionSet", made.id)?["Name"] == "Order_entry_EMEA")
      let page = try await endpoint.page(of: roles, at: nil)
      #expect(page.resources.map(\.displayName) == ["Order entry (EMEA)"])
      #expect(page.resources.first?["users"] == [["value": .string(ada)]])
      try await endpoint.delete(made.id, of: roles, version: nil)
      #expect(store.records("PermissionSetAssignment").isEmpty)
    }
  }
}
