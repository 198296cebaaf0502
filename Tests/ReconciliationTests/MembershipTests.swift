import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct MembershipTests {
  /// Three people that are there, a stranger, and one group.
  private func world(_ wanted: DesiredResource, _ members: [String]?) -> World {
    var world = World()
    world.desired = ["a", "b", "c"].map { user($0) } + [wanted]
    world.live["User"] = [liveUser("1", "a"), liveUser("2", "b"), liveUser("3", "c"), liveUser("9", "stranger")]
    world.live["Group"] = [liveGroup("g", "team", members)]
    let people = ["a": "1", "b": "2", "c": "3"].map { entry("User", $0, $1, ["userName": .string($0)]) }
    world.ledger = Ledger(people + [entry("Group", "team", "g", ["displayName": "team"])])
    return world
  }

  @Test(
    arguments: [
      (.exact, ["c"], ["b", "stranger"]), (.atLeast, ["c"], []), (.atMost, [], ["b", "stranger"]), (.observe, [], []),
    ] as [(DesiredMembers.Mode, [JSONValue], [JSONValue])])
  func modes(mode: DesiredMembers.Mode, added: [JSONValue], removed: [JSONValue]) {
    let changes = world(group("team", ["a", "c"], mode: mode), ["1", "2", "9"]).plan().changes
    #expect(changes.first?.attributes.first?.after == (added.isEmpty ? nil : .array(added)))
    #expect(changes.first?.attributes.first?.before == (removed.isEmpty ? nil : .array(removed)))
  }

  @Test func oneAddForAllAndOneRemoveForEach() throws {
    let change = try #require(world(group("team", ["b", "c"]), ["1", "9"]).plan().changes.first)
    let one = { (id: String) in
      AttributePath("members", valueFilter: .compare(AttributePath("value"), .equal, .string(id)))
    }
    #expect(
      change.operations == [
        PatchOperation(.add, AttributePath("members"), value: [["value": "2"], ["value": "3"]]),
        PatchOperation(.remove, one("1")), PatchOperation(.remove, one("9")),
      ])
  }

  @Test func aChangeOfOneInThousandsStaysSmall() throws {
    var world = World()
    let names = (0..<5_123).map { "u\($0)" }
    world.desired = names.map { user($0) } + [group("team", names)]
    world.live["User"] = names.map { liveUser("id-\($0)", $0) }
    world.live["Group"] = [liveGroup("g", "team", names.dropFirst().map { "id-\($0)" })]
    let change = try #require(world.plan().changes.first)
    #expect(change.operations.planJSON.serialized().count < 2_000)
  }

  @Test func membershipsBeginAndEnd() {
    var wanted = group("team", [])
    let now = World().now
    wanted.members?.references = [
      .init(ResourceKey("User", "a"), until: now), .init(ResourceKey("User", "b"), from: now.addingTimeInterval(1)),
      .init(ResourceKey("User", "c"), from: now, until: now.addingTimeInterval(60)),
    ]
    let plan = world(wanted, ["1"]).plan()
    #expect(plan.changes.first?.attributes.first?.before == ["a"])
    #expect(plan.changes.first?.attributes.first?.after == ["c"])
    #expect(plan.accessChanges.map(\.until) == [now, now.addingTimeInterval(60)])
    wanted.members?.mode = .atLeast
    #expect(world(wanted, ["1", "9"]).plan().changes.first?.attributes.first?.before == ["a"])
  }

  @Test func nobodyIsLeftOnlyWhenThatIsSaid() {
    let kept = world(group("team", []), ["1"]).plan()
    #expect(kept.changes.isEmpty)
    #expect(kept.withheld.first?.reason.contains("allowEmpty") == true)
    #expect(world(group("team", [], allowsEmpty: true), ["1"]).plan().changes.count == 1)
  }

  /// Somebody else put a stranger into a group of which nobody is to be a member: that nobody is removed makes it no less
  /// a finding.
  @Test func aStrangerWhoMayNotGoAsTheLastIsDrift() {
    let wanted = group("team", [], mode: .atMost)
    var world = world(wanted, ["9"])
    world.ledger[ResourceKey("Group", "team")] = entry("Group", "team", "g", ["displayName": "team", "members": []])
    let found = findings(of: world.plan())
    #expect(found.map(\.class) == [.changed])
    #expect(
      found.first?.attributes == [
        AttributeChange(path: "members", before: ["stranger"], after: nil, cause: .endpoint)
      ])
    // With another change of the same group it is one finding.
    world.live["Group"]?[0].attributes["displayName"] = "Team 2"
    #expect(findings(of: world.plan()).map { $0.attributes.map(\.path) } == [["displayName", "members"]])
  }

  /// What drift finds of groups.
  private func findings(of plan: EndpointPlan) -> [DriftReport.Finding] {
    Plan(endpoints: [plan]).drift().findings.filter { $0.key.kind == "Group" }
  }

  @Test func whomTheManifestNoLongerNamesIsNoDrift() {
    var world = world(group("team", [], mode: .atMost), ["1"])
    world.ledger[ResourceKey("Group", "team")] = entry(
      "Group", "team", "g", ["displayName": "team", "members": ["bulkId:User/a"]])
    let plan = world.plan()
    #expect(plan.withheld.count == 1)
    #expect(findings(of: plan).isEmpty)
  }

  @Test(arguments: [true, false])
  func whoseMembershipIsOverGoesEvenAsTheLast(hasEnded: Bool) throws {
    let now = World().now
    var wanted = group("team", [])
    wanted.members?.references = [
      hasEnded ? .init(ResourceKey("User", "c"), until: now) : .init(ResourceKey("User", "c"), from: now + 1)
    ]
    let alone = world(wanted, ["3"]).plan()
    #expect(alone.withheld.isEmpty)
    #expect(alone.changes.first?.attributes.first?.before == ["c"])
    // Who is not in the list at all is another matter.
    let besides = world(wanted, ["3", "9"]).plan()
    #expect(besides.changes.first?.attributes.first?.before == ["c"])
    #expect(besides.withheld.map { $0.reason.prefix(28) } == ["1 member removal (stranger),"])
    var doubtful = world(wanted, ["3"])
    doubtful.incomplete["Group"] = "page 2 failed"
    #expect(doubtful.plan().changes.isEmpty)
  }

  @Test(arguments: ["User", "Group"])
  func anIncompleteReadRemovesNobody(kind: String) {
    var doubtful = world(group("team", ["a", "c"]), ["1", "2"])
    doubtful.incomplete[kind] = "page 2 failed"
    let plan = doubtful.plan()
    #expect(plan.changes.first?.attributes.first?.before == nil)
    #expect(plan.changes.first?.attributes.first?.after == ["c"])
    #expect(plan.withheld.count == 1)
  }

  @Test func peopleThatWereNotReadAreNotStrangers() {
    var groupsOnly = world(group("team", ["a"]), ["1", "2"])
    groupsOnly.live["User"] = nil
    groupsOnly.ledger = Ledger([entry("Group", "team", "g", ["displayName": "team"])])
    groupsOnly.declaration.scope.kinds = ["Group"]
    let plan = groupsOnly.plan()
    #expect(plan.changes.isEmpty)
    #expect(plan.withheld.count == 1)
  }

  @Test func absentMembersAreAnEmptyList() {
    let plan = world(group("team", ["a"]), nil).plan()
    #expect(plan.changes.first?.operations == [PatchOperation(.add, AttributePath("members"), value: [["value": "1"]])])
  }

  @Test func rolesHaveUsersAndGroups() throws {
    var roles = world(group("auditor", ["a"], groups: ["team"], kind: "Role"), [])
    roles.desired.append(group("team"))
    roles.live["Role"] = []
    let body = try #require(roles.plan().changes.first?.body)
    #expect(body["users"] == [["value": "1"]])
    #expect(body["groups"] == [["value": "g"]])
  }

  @Test func whoIsCreatedInTheSameRunIsReferredToByBulkId() throws {
    var fresh = World()
    fresh.desired = [user("a"), group("inner", ["a"]), group("outer", [], groups: ["inner"])]
    let plan = fresh.plan()
    #expect(plan.changes.map(\.key.name) == ["a", "inner", "outer"])
    #expect(plan.changes[1].body?["members"] == [["value": "bulkId:User/a"]])
    #expect(plan.changes[1].dependencies == [ResourceKey("User", "a")])
    try fresh.apply(plan)
    #expect(fresh.plan().changes.isEmpty)
  }

  @Test func theCauseComesFromTheLedger() {
    var changed = world(group("team", ["a"]), ["1", "2"])
    changed.ledger[ResourceKey("Group", "team")]?.applied["members"] = ["bulkId:User/a"]
    #expect(changed.plan().changes.first?.attributes.first?.cause == .endpoint)
    changed.ledger[ResourceKey("Group", "team")]?.applied["members"] = ["bulkId:User/a", "bulkId:User/b"]
    #expect(changed.plan().changes.first?.attributes.first?.cause == .manifest)
  }

  @Test(arguments: [(["1", "2"], .manifest), (["1", "2", "9"], .both)] as [([String], Cause)])
  func whoLeavesWithItsManifestIsNoDriftOfTheGroup(members: [String], cause: Cause) {
    var leaver = world(group("team", ["a"]), members)
    leaver.desired.removeAll { $0.key.name == "b" }
    leaver.ledger[ResourceKey("Group", "team")]?.applied["members"] = ["bulkId:User/a", "bulkId:User/b"]
    let plan = leaver.plan(prune: true)
    #expect(plan.changes.map(\.key.name) == ["team", "b"])
    #expect(plan.changes.first?.attributes.first?.cause == cause)
    #expect(plan.accessChanges.map(\.member).contains("b"))
  }

  @Test func whoIsThereBesidesIsNoChangeOfAGroupThatAllowsIt() {
    var changed = world(group("team", ["a", "b"], mode: .atLeast), ["1", "9"])
    changed.ledger[ResourceKey("Group", "team")]?.applied["members"] = ["bulkId:User/a"]
    #expect(changed.plan().changes.first?.attributes.first?.cause == .manifest)
  }
}
