import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct OrderTests {
  private func report(_ name: String, to manager: String) -> DesiredResource {
    user(name, [enterprise: ["manager": ["value": .string("bulkId:User/\(manager)")]]])
  }

  @Test func managersComeFirst() throws {
    var world = World()
    world.desired = [report("a", to: "b"), report("b", to: "c"), user("c")]
    let plan = world.plan()
    #expect(plan.changes.map(\.key.name) == ["c", "b", "a"])
    #expect(plan.changes[1].dependencies == [ResourceKey("User", "c")])
    try world.apply(plan)
    #expect(world.plan().changes.isEmpty)
  }

  @Test(arguments: [true, false])
  func aCircleTakesASecondWrite(supportsPatch: Bool) throws {
    var world = World()
    world.capabilities.supportsPatch = supportsPatch
    world.desired = [report("a", to: "b"), report("b", to: "a")]
    let plan = world.plan()
    #expect(plan.changes.map(\.action) == [.create, .create, .update])
    #expect(plan.changes[2].dependencies.contains(plan.changes[2].key))
    try world.apply(plan)
    #expect(world.plan().changes.isEmpty)
  }

  @Test func longChainsDoNotOverflow() {
    var world = World()
    world.desired =
      [user("u000000")]
      + (1..<2_000).map { index in
        report("u\(String(1_000_000 + index).dropFirst())", to: "u\(String(999_999 + index).dropFirst())")
      }
    world.desired.shuffle()
    #expect(world.plan().changes.map(\.key.name) == world.desired.map(\.key.name).sorted())
  }

  @Test func managersThatAreThereAreNamedByTheirId() {
    var world = World()
    world.desired = [report("a", to: "boss"), user("boss")]
    world.live["User"] = [
      liveUser("7", "boss"), liveUser("1", "a", [enterprise: ["manager": ["value": "7", "displayName": "B"]]]),
    ]
    #expect(world.plan().changes.isEmpty)
    world.live["User"]?[1].attributes[enterprise] = ["manager": ["value": "8"]]
    let change = world.plan().changes.first
    #expect(
      change?.operations == [
        PatchOperation(.replace, AttributePath(schema: enterprise, "manager"), value: ["value": "7"])
      ])
    #expect(change?.attributes.first?.after == "boss")
  }

  @Test func aNameIsTakenAfterItWasGivenUp() {
    var world = World()
    world.desired = [user("first", ["userName": "alice2"]), user("second", ["userName": "alice"])]
    world.live["User"] = [liveUser("1", "alice")]
    world.ledger = Ledger([entry("User", "first", "1")])
    let changes = world.plan().changes
    #expect(changes.map(\.key.name) == ["first", "second"])
    #expect(changes[1].dependencies == [ResourceKey("User", "first")])
  }

  @Test func namesThatAreSwappedSayWhyTheyCannotBe() {
    var world = World()
    world.desired = [user("first", ["userName": "b"]), user("second", ["userName": "a"])]
    world.live["User"] = [liveUser("1", "a"), liveUser("2", "b")]
    world.ledger = Ledger([entry("User", "first", "1"), entry("User", "second", "2")])
    let changes = world.plan().changes
    #expect(
      changes.map(\.reason) == [
        "User/first has this name and waits for another: give one of them a third name first", "",
      ])
    #expect(changes[1].dependencies == [ResourceKey("User", "second")])
  }
}
