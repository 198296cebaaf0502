import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct PolicyGuardrailTests {
  private let here = SourceLocation(file: "policy.yaml", line: 1)

  private func plan(_ world: World, _ policy: Policy, prune: Bool = false) -> EndpointPlan {
    let planned = Planner(now: world.now, prune: prune).plan(
      DesiredState(resources: world.desired, endpoints: [world.declaration], policies: [policy]),
      against: [world.observation], owned: [world.declaration.name: world.ledger])
    return planned.endpoints.first ?? EndpointPlan(endpoint: "none", driver: .scim2)
  }

  private func objections(_ plan: EndpointPlan, _ endorsement: Endorsement = Endorsement()) -> [String] {
    guard
      case .refused(let objections) = review(
        Plan(endpoints: [plan]), with: Guardrail.standard(endorsement: endorsement))
    else { return [] }
    return objections.map { "\($0.guardrail): \($0.message)" }
  }

  private func protecting(_ name: String) -> Policy {
    var policy = Policy(name: "p")
    policy.protections = [.init(ResourceKey("User", name), at: here)]
    return policy
  }

  private func tier(_ group: String, approvals: Int = 0, authorMayNotBenefit: Bool = false) -> Policy {
    var policy = Policy(name: "p")
    policy.tiers = [
      .init(
        "0", groups: [ResourceKey("Group", group)], approvals: approvals, authorMayNotBenefit: authorMayNotBenefit,
        at: here)
    ]
    return policy
  }

  /// Twenty people, all ours.
  private var people: World {
    var world = World()
    let names = (0..<20).map { "u\($0)" }
    world.live["User"] = names.map { liveUser("id-\($0)", $0, ["active": true]) }
    world.ledger = Ledger(names.map { entry("User", $0, "id-\($0)", onRemoval: .delete) })
    world.desired = names.map { user($0) }
    return world
  }

  @Test func noPlanRemovesTheProtected() {
    var world = people
    world.desired.removeFirst()
    #expect(objections(plan(world, protecting("u0"), prune: true)).map { $0.prefix(7) } == ["policy:"])
    #expect(objections(plan(world, protecting("u1"), prune: true)).isEmpty)
    world.desired = people.desired
    world.desired[0] = user("u0", ["userName": "renamed"])
    #expect(plan(world, protecting("u0")).protectionBreaches.map(\.harm) == ["would rename it"])
    world.desired[0] = user("u0", ["title": "Dr"])
    #expect(objections(plan(world, protecting("u0"))).isEmpty)
    world.desired.append(user("new"))
    #expect(objections(plan(world, protecting("new"))).isEmpty)
  }

  @Test func noPlanTakesTheProtectedOutOfTheAdministrators() {
    var world = people
    world.live["Group"] = [
      liveGroup("g1", "AWS Admins", ["id-u0", "id-u1"]), liveGroup("g2", "Readers", ["id-u0", "id-u1"]),
    ]
    world.desired += [
      group("admins", ["u1"], ["displayName": "AWS Admins"]), group("readers", ["u1"], ["displayName": "Readers"]),
    ]
    #expect(plan(world, protecting("u0")).protectionBreaches.map(\.harm) == ["would take it out of AWS Admins"])
    #expect(objections(plan(world, protecting("u1"))).isEmpty)
    var policy = protecting("u0")
    policy.tiers = tier("readers").tiers
    #expect(plan(world, policy).protectionBreaches.count == 2)
  }

  @Test func aTierTakesApprovals() {
    var world = people
    world.live["Group"] = [liveGroup("g", "ops", ["id-u1"])]
    world.desired.append(group("ops", ["u0", "u1"]))
    let planned = plan(world, tier("ops", approvals: 2))
    #expect(planned.privilegedGains.map(\.people) == [[ResourceKey("User", "u0")]])
    #expect(
      objections(planned) == [
        "tiers: brings u0 into tier 0 (Group/ops), which takes 2 approvals; nobody said how many were given"
      ])
    #expect(objections(planned, Endorsement(approvals: 1)).count == 1)
    #expect(objections(planned, Endorsement(approvals: 2)).isEmpty)
  }

  @Test func aGroupThatComesInBringsItsPeople() {
    var world = people
    world.live["Group"] = [liveGroup("g", "ops", ["id-u1"]), liveGroup("t", "team", ["id-u2"])]
    world.desired += [group("ops", ["u1"], groups: ["team"]), group("team", ["u2", "u3"])]
    let gains = plan(world, tier("ops")).privilegedGains
    #expect(gains.map { $0.people.map(\.name) } == [["u2", "u3"]])
    #expect(gains.map { $0.groups.map(\.name) } == [["ops", "team"]])
  }

  @Test func anUndoBringsNobodyIntoATierByTheBackDoor() throws {
    var world = people
    world.desired.append(group("ops", ["u0", "u1"]))
    try world.apply(world.plan())
    world.desired.removeLast()
    let removal = world.plan(prune: true)
    #expect(removal.changes.map(\.action) == [.delete])
    let past = world.journal(of: removal)
    try world.apply(removal)
    world.desired.append(group("ops", ["u0", "u1"]))
    let undo = world.undo(past, policies: [tier("ops", approvals: 2)])
    #expect(undo.changes.map(\.action) == [.create])
    #expect(undo.privilegedGains.map { $0.people.map(\.name) } == [["u0", "u1"]])
    #expect(objections(undo).map { $0.prefix(6) } == ["tiers:"])
  }

  /// No manifest says any more that the team is within.
  @Test func aGroupThatAnUndoPutsBackBringsItsPeople() throws {
    var world = people
    let before = world.desired + [group("ops", ["u1"], groups: ["team"]), group("team", ["u2", "u3"])]
    world.desired = before
    try world.apply(world.plan())
    world.desired = people.desired + [group("ops", ["u1"]), group("team", ["u2"])]
    let plan = world.plan()
    let past = world.journal(of: plan)
    try world.apply(plan)
    let gains = world.undo(past, policies: [tier("ops")]).privilegedGains
    #expect(gains.map { $0.people.map(\.name) } == [["u2", "u3"]])
  }

  @Test func leavingATierTakesNoApproval() {
    var world = people
    world.live["Group"] = [liveGroup("g", "ops", ["id-u0", "id-u1"])]
    world.desired.append(group("ops", ["u1"]))
    #expect(objections(plan(world, tier("ops", approvals: 2, authorMayNotBenefit: true))).isEmpty)
  }

  @Test func theAuthorMayNotBenefit() {
    var world = people
    world.live["Group"] = [liveGroup("g", "ops", ["id-u1"])]
    world.desired.append(group("ops", ["u0", "u1"]))
    let planned = plan(world, tier("ops", authorMayNotBenefit: true))
    func endorsed(_ names: String...) -> Endorsement {
      let state = DesiredState(resources: world.desired, endpoints: [])
      return Endorsement(authors: names.map { .init($0, state.user(called: $0)) })
    }
    #expect(objections(planned, endorsed("u1")).isEmpty)
    #expect(objections(planned, endorsed("U0")).first?.hasSuffix("the author u0 may not benefit") == true)
    #expect(objections(planned, endorsed("u1", "u0")).count == 1)
    #expect(objections(planned, endorsed("bot@x.example")).first?.contains("no user of the manifests") == true)
    #expect(objections(planned).first?.contains("nobody said who wrote") == true)
  }

  @Test func anAuthorIsKnownByItsAddress() {
    let state = DesiredState(
      resources: [
        user("a", ["emails": [["value": "Ann@x.example"]]]), user("b", ["emails": [["value": "both@x.example"]]]),
        user("c", ["userName": "both@x.example"]),
      ], endpoints: [])
    #expect(state.user(called: "ann@X.example") == ResourceKey("User", "a"))
    #expect(state.user(called: "both@x.example") == nil)
    #expect(state.user(called: "nobody") == nil)
  }

  @Test func aSavedPlanKeepsWhatPoliciesSay() throws {
    var world = people
    world.desired.removeFirst()
    world.live["Group"] = [liveGroup("g", "ops", ["id-u1"])]
    world.desired.append(group("ops", ["u2", "u1"]))
    var policy = tier("ops", approvals: 1)
    policy.protections = protecting("u0").protections
    let planned = Plan(endpoints: [plan(world, policy, prune: true)])
    #expect(planned.endpoints.first?.protectionBreaches.isEmpty == false)
    #expect(planned.endpoints.first?.privilegedGains.isEmpty == false)
    #expect(try Plan(json: planned.json) == planned)
  }
}
