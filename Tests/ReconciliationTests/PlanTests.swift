import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct PlanTests {
  /// A plan with something of everything in it.
  private func eventful() throws -> World {
    var world = World()
    world.declaration.safety.protect = [try Filter(parsing: "userName eq \"bob\"")]
    world.declaration.safety.minAdmins = 1
    world.declaration.limits = .init(writesPerMinute: 60)
    world.ownUserName = "root"
    world.desired = [
      user("alice", ["title": "Dr"], secrets: ["password": .command(["op", "read"])]), user("carol", ["title": "Dr"]),
      group("admins", ["alice", "carol"]), user("dave"), user("erin"),
    ]
    world.live["User"] = [
      liveUser("1", "bob"), liveUser("2", "carol", ["title": "Mr"]), liveUser("3", "dave"), liveUser("4", "DAVE"),
      liveUser("5", "stranger"),
    ]
    world.live["Group"] = [liveGroup("g", "admins", ["1"])]
    world.ledger = Ledger([
      entry("User", "bob", "1"), entry("User", "gone", "99"), entry("User", "erin", "98", ["userName": "erin"]),
      entry("User", "carol", "2", ["userName": "carol", "title": "Dr"]),
    ])
    return world
  }

  @Test(arguments: [true, false]) func plansSurviveTheirFile(prune: Bool) throws {
    let plan = Plan(endpoints: [try eventful().plan(prune: prune)])
    let read = try Plan(json: try JSONValue(parsing: plan.json.serialized()))
    #expect(read == plan)
    #expect(read.hash == plan.hash)
    #expect(plan.hash.count == 64)
  }

  @Test func writtenOutSecretsAreNotInTheFile() throws {
    var world = World()
    world.desired = [user("alice", secrets: ["password": .literal(Secret("hunter2"))])]
    let json = Plan(endpoints: [world.plan()]).json
    #expect(!json.text.contains("hunter2"))
    #expect(throws: PlanFormatError.self) { try Plan(json: json) }
  }

  @Test func otherFormatsAreRefused() {
    #expect(throws: PlanFormatError.self) { try Plan(json: ["formatVersion": 2, "endpoints": []]) }
    #expect(throws: PlanFormatError.self) { try Plan(json: []) }
  }

  @Test func driftSaysWhatAndWhose() throws {
    let findings = Plan(endpoints: [try eventful().plan()]).drift().findings
    let summary = findings.map { "\($0.class) \($0.key.name) \($0.attributes.map(\.cause.rawValue).first ?? "-")" }
    #expect(
      Set(summary) == [
        "missing erin endpoint", "changed carol endpoint", "changed admins unknown", "unmanaged bob -",
        "foreign stranger -",
      ])
  }

  @Test func accessIsSummed() throws {
    let changes = try eventful().plan().accessChanges
    #expect(changes.map(\.member) == ["alice", "bob", "carol"])
    #expect(changes.map(\.gains) == [true, false, true])
    #expect(changes.allSatisfy { $0.group == "admins" })
  }

  @Test func theDurationFollowsTheSlowestEndpoint() throws {
    let plan = try eventful().plan()
    #expect(Plan(endpoints: [plan]).estimatedDuration == Double(plan.changes.count))
  }
}
