import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct GuardrailTests {
  private func objections(_ plan: EndpointPlan, _ guardrails: [Guardrail] = Guardrail.standard()) -> [String] {
    if case .refused(let objections) = review(Plan(endpoints: [plan]), with: guardrails) {
      objections.map(\.guardrail)
    } else {
      []
    }
  }

  /// So many owned people, of whom the first few left the manifests.
  private func leavers(_ count: Int, of total: Int, _ removal: Lifecycle.Removal = .delete) -> World {
    var world = World()
    let names = (0..<total).map { "u\($0)" }
    world.live["User"] = names.map { liveUser("id-\($0)", $0, ["active": true]) }
    world.ledger = Ledger(names.map { entry("User", $0, "id-\($0)", onRemoval: removal) })
    world.desired = names.dropFirst(count).map { user($0) } + [user("new")]
    return world
  }

  @Test(arguments: [
    (10, 100, true), (11, 100, false), (50, 1_000, true), (51, 1_000, false), (3, 3, false), (1, 1, true),
    (3, 4, true), (2, 5, true), (3, 5, false), (9, 18, true), (10, 18, false),
  ])
  func sharesAndTheirFloor(count: Int, total: Int, isAllowed: Bool) {
    #expect(objections(leavers(count, of: total).plan(prune: true)).isEmpty == isAllowed)
    #expect(objections(leavers(count, of: total, .disable).plan(prune: true)).isEmpty == isAllowed)
  }

  @Test(
    arguments: [
      ("20", .count(20)), ("5%", .percent(5)), ("2.5%", .percent(2.5)), ("-1", nil), ("101%", nil), ("%", nil),
    ]
      as [(String, SafetyLimits.Limit?)])
  func limitsAreReadAsTheyPrint(text: String, limit: SafetyLimits.Limit?) {
    #expect(SafetyLimits.Limit(text) == limit)
    #expect(limit == nil || limit?.description == text)
  }

  @Test func theRunMayAllowMore() {
    let plan = leavers(60, of: 100).plan(prune: true)
    #expect(objections(plan) == ["maxDeletes"])
    #expect(objections(plan, Guardrail.standard(maxDeletes: .count(60))).isEmpty)
    #expect(objections(plan, Guardrail.standard(maxDeletes: .percent(100), maxCalls: 60)) == ["maxCalls"])
  }

  @Test func memberRemovalsAreCountedForEachGroup() {
    var world = World()
    let names = (0..<40).map { "u\($0)" }
    world.desired = names.map { user($0) } + [group("team", Array(names.prefix(20)))]
    world.live["User"] = names.map { liveUser("id-\($0)", $0) }
    world.live["Group"] = [liveGroup("g", "team", names.map { "id-\($0)" })]
    #expect(objections(world.plan()) == ["maxMemberRemovals"])
    world.declaration.safety.maxMemberRemovals = .percent(50)
    #expect(objections(world.plan()).isEmpty)
  }

  /// Of so many members as many leave; somebody else comes, so that the group is not empty.
  private func leaving(_ count: Int, of total: Int) -> World {
    var world = World()
    let names = (0...total).map { "u\($0)" }
    world.desired = names.map { user($0) } + [group("team", Array(names.dropFirst(count)))]
    world.live["User"] = names.map { liveUser("id-\($0)", $0) }
    world.live["Group"] = [liveGroup("g", "team", names.dropLast().map { "id-\($0)" })]
    return world
  }

  @Test(arguments: [
    (1, 1, true), (4, 4, true), (2, 5, true), (3, 5, false), (8, 9, false), (10, 20, true), (11, 40, false),
  ])
  func mostOfATeamDoesNotLeaveItsGroupUnseen(count: Int, total: Int, isAllowed: Bool) {
    #expect(objections(leaving(count, of: total).plan()) == (isAllowed ? [] : ["maxMemberRemovals"]))
  }

  @Test func aCountOfMembersIsMeantAsItStands() {
    var world = leaving(3, of: 40)
    world.declaration.safety.maxMemberRemovals = .count(2)
    #expect(objections(world.plan()) == ["maxMemberRemovals"])
  }

  /// Nobody is to keep access because many lose it on one day.
  @Test func membershipsThatHaveEndedAreNotCounted() {
    var world = leaving(8, of: 9)
    let last = world.desired.count - 1
    world.desired[last].members?.references = (0...9).map {
      .init(ResourceKey("User", "u\($0)"), until: $0 < 8 ? world.now : nil)
    }
    #expect(world.plan().accessChanges.count { !$0.gains } == 8)
    #expect(objections(world.plan()).isEmpty)
  }

  /// The ledger links so many people, of whom the first few are gone.
  private func lost(_ count: Int, of total: Int) -> World {
    var world = leavers(0, of: total)
    world.live["User"]?.removeFirst(count)
    return world
  }

  @Test(arguments: [(9, 9, true), (10, 10, false), (10, 20, true), (11, 20, false), (50, 100, true), (51, 100, false)])
  func aDirectoryThatIsNotThereAnyMoreIsNotBuiltAnew(count: Int, total: Int, isAllowed: Bool) {
    let plan = lost(count, of: total).plan()
    #expect(plan.missing.count == count)
    #expect(objections(plan) == (isAllowed ? [] : ["maxMissing"]))
    #expect(objections(plan, Guardrail.standard(maxMissing: .percent(100))).isEmpty)
  }

  @Test func whatIsGoneAndNotWantedCountsAsGone() throws {
    var world = lost(12, of: 20)
    world.desired.removeFirst(6)
    let plan = world.plan()
    #expect(plan.forgotten.count == 6 && plan.missing.count == 12)
    #expect(objections(plan) == ["maxMissing"])
    #expect(try Plan(json: Plan(endpoints: [plan]).json).endpoints == [plan])
    world.declaration.safety.maxMissing = .count(12)
    #expect(objections(world.plan()).isEmpty)
    world.declaration.safety.maxMissing = .count(3)
    #expect(objections(world.plan()) == ["maxMissing"])
  }

  @Test func emptyManifestsAreAMistake() {
    var world = leavers(3, of: 3)
    world.desired = []
    world.declaration.safety.maxDeletes = .percent(100)
    #expect(objections(world.plan(prune: true)) == ["emptyDesiredState"])
  }

  @Test func removalsFromIncompleteReadsAreRefusedEvenInAPlanFromElsewhere() {
    var plan = leavers(1, of: 100).plan(prune: true)
    plan.reads[0].completeness = .incomplete(reason: "page 2 failed")
    plan.reads[1].completeness = .incomplete(reason: "page 2 failed")
    #expect(objections(plan) == ["incompleteReads"])
  }

  @Test func theProtectedAreNotTouched() throws {
    var world = leavers(1, of: 100)
    world.declaration.safety.protect = [try Filter(parsing: "userName eq \"u0\" or userName eq \"u5\"")]
    #expect(objections(world.plan(prune: true)) == ["protected"])
    world.desired = (0..<100).map { user("u\($0)", $0 == 5 ? ["userName": "renamed"] : [:]) }
    #expect(objections(world.plan(prune: true)) == ["protected"])
    world.desired = (0..<100).map { user("u\($0)", ["title": "Dr"]) }
    #expect(objections(world.plan(prune: true)).isEmpty)
  }

  @Test func theOwnAccountStays() {
    var world = leavers(1, of: 100)
    world.ownUserName = "U0"
    #expect(objections(world.plan(prune: true)) == ["ownAccount"])
  }

  @Test func someAdministratorsRemain() {
    var world = leavers(1, of: 100)
    world.declaration.safety.minAdmins = 2
    world.live["Group"] = [liveGroup("g", "AWS Admins", ["id-u0", "id-u1"])]
    #expect(objections(world.plan(prune: true)) == ["minAdmins"])
    world.desired.append(group("admins", ["u1", "u2"], ["displayName": "AWS Admins"]))
    #expect(objections(world.plan(prune: true)).isEmpty)
  }

  @Test func ambiguityStops() {
    var world = World()
    world.desired = [user("alice")]
    world.live["User"] = [liveUser("1", "alice"), liveUser("2", "Alice")]
    #expect(objections(world.plan()) == ["ambiguous"])
    world.declaration.situations.ambiguous = .report
    #expect(objections(world.plan()).isEmpty)
  }

  @Test func allObjectionsAreHeardAtOnce() {
    var world = leavers(60, of: 100)
    world.ownUserName = "u0"
    #expect(Set(objections(world.plan(prune: true))) == ["maxDeletes", "ownAccount"])
  }
}
