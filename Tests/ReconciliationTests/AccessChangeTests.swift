import JSON
import SCIM
import SeededRandom
import Testing

@testable import Reconciliation

/// Policies see what ``EndpointPlan/accessChanges`` says and nothing else: no membership may come or go without it.
@Suite struct AccessChangeTests {
  private struct Count: Hashable {
    var gains = 0
    var losses = 0
  }

  /// By what the plan sends.
  private func sent(_ plan: EndpointPlan, in world: World) -> [ResourceKey: Count] {
    plan.changes.filter { $0.key.kind == "Group" }.reduce(into: [:]) { counts, change in
      let before = change.remoteID.flatMap { world.resource("Group", $0) }?.attributes.members() ?? []
      switch change.request {
      case .create(let body): counts[change.key, default: Count()].gains += body.members().count
      case .delete: counts[change.key, default: Count()].losses += before.count
      case .replace(let body):
        counts[change.key, default: Count()].gains += body.members().subtracting(before).count
        counts[change.key, default: Count()].losses += before.subtracting(body.members()).count
      case .patch(let operations):
        for operation in operations where operation.path?.attribute == "members" {
          counts[change.key, default: Count()].gains += operation.value?.array?.count ?? 0
          if operation.verb == .remove { counts[change.key, default: Count()].losses += 1 }
        }
      }
    }.filter { $0.value != Count() }
  }

  private func told(_ plan: EndpointPlan) -> [ResourceKey: Count] {
    plan.accessChanges.reduce(into: [:]) { counts, access in
      if access.gains {
        counts[access.groupKey, default: Count()].gains += 1
      } else {
        counts[access.groupKey, default: Count()].losses += 1
      }
    }
  }

  private func people(_ count: Int, _ random: inout SplitMix64) -> World {
    var world = World()
    world.capabilities.supportsPatch = Int.random(in: 0..<4, using: &random) > 0
    let names = (0..<count).map { "u\($0)" }
    world.desired = names.map { user($0) } + groups(names, &random)
    world.live["User"] = names.filter { _ in Bool.random(using: &random) }.map { liveUser("id-\($0)", $0) }
    world.live["Group"] = ["g0", "g1"].map { name in
      liveGroup("id-\(name)", name, (world.live["User"] ?? []).map(\.id).filter { _ in Bool.random(using: &random) })
    }
    return world
  }

  /// Each may hold those after it.
  private func groups(_ names: [String], _ random: inout SplitMix64) -> [DesiredResource] {
    (0..<4).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.map { index in
      group(
        "g\(index)", names.filter { _ in Bool.random(using: &random) },
        mode: DesiredMembers.Mode.allCases.randomElement(using: &random) ?? .exact, allowsEmpty: true,
        groups: (index + 1..<4).filter { _ in Bool.random(using: &random) }.map { "g\($0)" })
    }
  }

  @Test(arguments: UInt64(1)...200) func everyMembershipIsTold(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var world = people(Int.random(in: 1...8, using: &random), &random)
    for _ in 0..<3 {
      let plan = world.plan(prune: true)
      #expect(told(plan) == sent(plan, in: world))
      let past = world.journal(of: plan)
      try world.apply(plan)
      let back = world.undo(past)
      #expect(told(back) == sent(back, in: world))
      if Bool.random(using: &random) { try world.apply(back) }
      let people = world.desired.filter { $0.key.kind == "User" }
      let kept = people.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
      world.desired = kept + groups(kept.map(\.key.name), &random)
    }
  }

  @Test func whatIsNotWrittenIsNotTold() {
    var world = World()
    world.live["Group"] = [liveGroup("g", "team", ["1", "2"])]
    world.ledger = Ledger([entry("Group", "team", "g")])
    world.incomplete["Group"] = "page 2 failed"
    #expect(world.plan(prune: true).accessChanges.isEmpty)
  }

  /// A mapping stands where no policy for groups looks.
  @Test func noMappingGivesMemberships() throws {
    var world = World()
    world.desired = [user("a"), group("ops", ["a"])]
    world.declaration.mapping = [
      AttributeMapping(to: try AttributePath(parsing: "members"), from: .constant([["value": "mallory"]]))
    ]
    #expect(world.plan().changes.last?.body?["members"] == [["value": "bulkId:User/a"]])
    try world.apply(world.plan())
    #expect(world.plan().changes.isEmpty)
  }
}

extension JSONObject {
  fileprivate func members() -> Set<String> {
    Set((member("members")?.array ?? []).compactMap { $0["value"]?.string })
  }
}
