import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct RemovalTests {
  private let day: TimeInterval = 86_400

  /// Somebody whose manifest is gone.
  private func leaver(_ entry: Ledger.Entry, active: Bool = true) -> World {
    var world = World()
    world.live["User"] = [liveUser("1", "alice", ["active": .bool(active)]), liveUser("2", "bob")]
    world.desired = [user("bob")]
    world.ledger = Ledger([entry])
    return world
  }

  @Test func withoutPruneItIsOnlyReported() {
    let plan = leaver(entry("User", "alice", "1")).plan()
    #expect(plan.changes.isEmpty)
    #expect(plan.withheld.map(\.reason) == ["removed from the manifests; use --prune"])
  }

  @Test(
    arguments: [
      (.disable, [.disable]), (.disableThenDelete, [.disable]), (.delete, [.delete]), (.orphan, []),
    ] as [(Lifecycle.Removal, [Change.Action])])
  func onRemovalDecides(removal: Lifecycle.Removal, actions: [Change.Action]) {
    let plan = leaver(entry("User", "alice", "1", onRemoval: removal)).plan(prune: true)
    #expect(plan.changes.map(\.action) == actions)
    #expect(plan.forgotten.isEmpty == (removal != .orphan))
  }

  /// Salesforce, for one, keeps its users for ever.
  @Test(arguments: [Lifecycle.Removal.disable, .disableThenDelete, .delete])
  func whoCannotBeDeletedIsDisabled(removal: Lifecycle.Removal) throws {
    var world = leaver(entry("User", "alice", "1", onRemoval: removal, grace: 0))
    world.capabilities.undeletableTypes = ["User"]
    let plan = world.plan(prune: true)
    #expect(plan.changes.map(\.action) == [.disable])
    try world.apply(plan)
    #expect(world.plan(prune: true).changes.isEmpty)
    world.desired.append(user("alice"))
    #expect(world.plan().changes.first?.attributes.map(\.path) == ["active"])
  }

  @Test func whoIsAbsentAndCannotBeDeletedIsDisabledOnce() throws {
    var world = World()
    world.capabilities.undeletableTypes = ["User"]
    world.live["User"] = [liveUser("1", "alice", ["active": true])]
    world.desired = [user("alice", lifecycle: Lifecycle(state: .absent))]
    let plan = world.plan()
    #expect(plan.changes.map(\.action) == [.disable])
    #expect(plan.changes.first?.reason == "lifecycle.state is Absent; a User cannot be deleted there")
    #expect(plan.changes.first?.source != nil)
    try world.apply(plan)
    #expect(world.plan().changes.isEmpty)
  }

  @Test func graceCountsFromTheDisable() throws {
    var world = leaver(entry("User", "alice", "1", grace: 30 * day))
    let first = world.plan(prune: true)
    #expect(first.changes.first?.ledgerEntry?.disabledAt == world.now)
    try world.apply(first)
    #expect(world.plan(prune: true).changes.isEmpty)
    world.now += 30 * day
    #expect(world.plan(prune: true).changes.map(\.action) == [.delete])
  }

  @Test func whoComesBackIsActiveAgain() throws {
    var world = leaver(entry("User", "alice", "1", ["userName": "alice"]))
    try world.apply(world.plan(prune: true))
    world.desired.append(user("alice"))
    let plan = world.plan()
    #expect(plan.changes.first?.operations == [PatchOperation(.replace, AttributePath("active"), value: true)])
    try world.apply(plan)
    #expect(world.plan().changes.isEmpty)
    #expect(world.ledger[ResourceKey("User", "alice")]?.disabledAt == nil)
  }

  @Test func whoComesBackUnderAnotherKeyIsActiveAgain() throws {
    var world = leaver(entry("User", "alice", "1", ["userName": "alice"]))
    try world.apply(world.plan(prune: true))
    let left = world
    world.desired.append(user("alice-smith", ["userName": "alice"]))
    let plan = world.plan(prune: true)
    #expect(
      plan.changes.map(\.reason) == [
        "found by userName; disabled by us as User/alice, and asked for again"
      ])
    #expect(plan.changes.first?.operations == [PatchOperation(.replace, AttributePath("active"), value: true)])
    #expect(Plan(endpoints: [plan]).drift().findings.isEmpty)
    // Should the write fail, it is not forgotten.
    var failed = world
    var kept = plan
    kept.changes = []
    try failed.apply(kept)
    #expect(failed.plan(prune: true).changes.first?.attributes.map(\.path) == ["active"])
    try world.apply(plan)
    #expect(world.plan(prune: true).changes.isEmpty)
    #expect(world.ledger.entries.keys.sorted().map(\.name) == ["alice-smith", "bob"])

    world = left
    world.desired.append(user("alice-smith", ["userName": "alice"], lifecycle: Lifecycle(state: .disabled)))
    #expect(world.plan(prune: true).changes.isEmpty)
  }

  /// Who was disabled by somebody else stays so.
  @Test func whomWeDidNotDisableStaysDisabled() {
    var world = leaver(entry("User", "alice", "1", ["userName": "alice"]), active: false)
    world.desired.append(user("alice-smith", ["userName": "alice"]))
    #expect(world.plan(prune: true).changes.isEmpty)
  }

  @Test func aRenameThatIsNotTakenUpYetIsNotForgotten() {
    var world = leaver(entry("User", "alice", "1"))
    world.desired.append(user("alice-smith", ["userName": "alice"]))
    let selection = Selection(targets: [ResourceKey("User", "alice")])
    #expect(world.plan(prune: true, selection: selection).forgotten.isEmpty)
    world.declaration.situations.found = .report
    #expect(world.plan(prune: true).forgotten.isEmpty)
  }

  @Test func aManagerWhoLeavesIsTheManagerNoLonger() throws {
    var world = leaver(entry("User", "alice", "1"))
    world.desired = [user("alice"), user("bob", [enterprise: ["manager": ["value": "bulkId:User/alice"]]])]
    try world.apply(world.plan())
    world.desired = [user("bob", [enterprise: ["department": "D"]])]
    let plan = world.plan(prune: true)
    let cleared = plan.changes.first { $0.key.name == "bob" }?.attributes.first { $0.path == "\(enterprise):manager" }
    #expect(cleared == AttributeChange(path: "\(enterprise):manager", before: "alice", after: nil, cause: .manifest))
    #expect(Plan(endpoints: [plan]).drift().findings.map(\.class) == [.unmanaged])
    try world.apply(plan)
    #expect(world.resource("User", "2")?.attributes[enterprise]?["manager"] == nil)
  }

  @Test func aManagerWhoIsReplacedWhenLeavingIsNoDrift() throws {
    var world = leaver(entry("User", "alice", "1"))
    world.desired = [user("alice"), user("bob", [enterprise: ["manager": ["value": "bulkId:User/alice"]]])]
    try world.apply(world.plan())
    world.desired = [user("bob", [enterprise: ["manager": ["value": "bulkId:User/carol"]]]), user("carol")]
    let manager = world.plan(prune: true).changes.first { $0.key.name == "bob" }?.attributes.first
    #expect(manager?.before == "alice" && manager?.after == "carol" && manager?.cause == .manifest)
  }

  @Test(
    arguments: [
      Selection(targets: [ResourceKey("User", "alice")]), Selection(matchLabels: ["team": "x"]),
      Selection(kinds: ["Group"]),
    ])
  func aSelectionLeavesStrangersOut(selection: Selection) {
    let world = leaver(entry("User", "alice", "1"))
    var strangers = world
    strangers.live["User"]?.append(liveUser("3", "stranger"))
    #expect(strangers.plan().foreign.map(\.name) == ["stranger"])
    #expect(strangers.plan(selection: selection).foreign.isEmpty)
    #expect(
      strangers.plan(selection: Selection(targets: [ResourceKey("User", "stranger")])).foreign.map(\.id) == ["3"])
  }

  @Test func aRenameInGitIsNoRemoval() {
    var world = leaver(entry("User", "alice", "1"))
    world.desired.append(user("alice-smith", ["userName": "alice"]))
    let plan = world.plan(prune: true)
    #expect(plan.changes.isEmpty)
    #expect(plan.forgotten == [ResourceKey("User", "alice")])
    #expect(plan.adoptions.contains { $0.key.name == "alice-smith" && $0.remoteID == "1" })
  }

  @Test func groupsAreDeletedBeforePeopleAndAfterTheirMemberships() {
    var world = leaver(entry("User", "alice", "1", onRemoval: .delete))
    world.live["Group"] = [liveGroup("g", "old", ["1"]), liveGroup("h", "team", ["1", "2"])]
    world.ledger[ResourceKey("Group", "old")] = entry("Group", "old", "g")
    world.desired.append(group("team", ["bob"]))
    let changes = world.plan(prune: true).changes
    #expect(changes.map(\.key.name) == ["team", "old", "alice"])
    #expect(changes.last?.dependencies == [ResourceKey("Group", "team")])
  }

  @Test(arguments: [true, false])
  func anIncompleteReadTakesNothingAway(prune: Bool) {
    var world = leaver(entry("User", "alice", "1", onRemoval: .delete))
    world.desired.append(user("carol", lifecycle: Lifecycle(state: .disabled)))
    world.live["User"]?.append(liveUser("3", "carol", ["active": true]))
    world.ledger[ResourceKey("User", "gone")] = entry("User", "gone", "77")
    world.desired.append(user("gone"))
    world.incomplete["User"] = "page 3 failed"
    let plan = world.plan(prune: prune)
    #expect(plan.changes.isEmpty)
    #expect(Set(plan.withheld.map(\.key.name)) == ["alice", "carol", "gone"])
  }

  @Test func whatIsGoneAndNotWantedIsForgotten() {
    var world = leaver(entry("User", "long-gone", "77"))
    #expect(world.plan().forgotten == [ResourceKey("User", "long-gone")])
    world.incomplete["User"] = "page 3 failed"
    #expect(world.plan().forgotten.isEmpty)
  }

  @Test func whatIsPartOfTheEndpointIsNobodys() {
    var world = World()
    world.desired = [user("alice")]
    world.live["User"] = [liveUser("1", "alice"), liveUser("2", "everyone"), liveUser("3", "stranger")]
    world.declaration.ownership = .authoritative
    world.capabilities.permanentResources = ["User": .compare(AttributePath("userName"), .equal, "everyone")]
    #expect(world.plan(prune: true).changes.map(\.key.name) == ["stranger"])
    world.declaration.ownership = .ledger
    #expect(world.plan().foreign.map(\.name) == ["stranger"])
  }

  @Test(
    arguments: [
      (.ledger, []), (.externalId, ["badge"]), (.authoritative, ["badge", "stranger"]),
    ] as [(EndpointDeclaration.Ownership, [String])])
  func ownershipDecidesWhoseStrangersAre(ownership: EndpointDeclaration.Ownership, removed: [String]) {
    var world = World()
    world.desired = [user("alice")]
    world.ownUserName = "root"
    world.live["User"] = [
      liveUser("1", "alice"), liveUser("2", "stranger"), liveUser("3", "badge", ["externalId": "E3"]),
      liveUser("4", "root"),
    ]
    world.declaration.ownership = ownership
    #expect(world.plan(prune: true).changes.map(\.key.name).sorted() == removed)
    #expect(world.plan().changes.isEmpty)
  }

  @Test(
    arguments: [
      (Lifecycle(state: .disabled), [.disable]), (Lifecycle(state: .absent), [.delete]),
      (Lifecycle(endsAt: World().now), [.disable]), (Lifecycle(startsAt: World().now + 1), [.disable]),
      (Lifecycle(startsAt: World().now, endsAt: World().now + 1), []),
    ] as [(Lifecycle, [Change.Action])])
  func theLifecycleIsJudgedNow(lifecycle: Lifecycle, actions: [Change.Action]) {
    var world = World()
    world.desired = [user("alice", lifecycle: lifecycle)]
    world.live["User"] = [liveUser("1", "alice", ["active": true])]
    #expect(world.plan().changes.map(\.action) == actions)
  }

  @Test func whoeverHasLeftIsNotCreated() {
    var world = World()
    world.desired = [
      user("gone", lifecycle: Lifecycle(endsAt: world.now)), user("absent", lifecycle: Lifecycle(state: .absent)),
      user("later", lifecycle: Lifecycle(startsAt: world.now + 1)),
    ]
    let changes = world.plan().changes
    #expect(changes.map(\.key.name) == ["later"])
    #expect(changes.first?.body?["active"] == false)
  }
}
