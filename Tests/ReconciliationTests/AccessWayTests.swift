import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct AccessWayTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)
  private let alice = ResourceKey("User", "alice")

  private func ways(_ resources: [DesiredResource]) -> [AccessWay] {
    DesiredState(resources: resources, endpoints: []).ways(of: alice, at: now)
  }

  private func texts(_ ways: [AccessWay]) -> [String] {
    ways.map { way in
      (way.leads(at: now) ? "" : "✗ ") + way.steps.map(\.container.name).joined(separator: " > ")
    }
  }

  @Test func groupsInGroupsAndRoles() {
    let resources = [
      group("inner", ["alice"]), group("outer", ["alice"], groups: ["inner"]), group("others", ["bob"]),
      group("auditor", [], groups: ["outer"], kind: "Role"), user("alice"),
    ]
    #expect(texts(ways(resources)) == ["inner", "outer", "inner > outer", "outer > auditor"])
    #expect(ways(resources).allSatisfy { $0.steps[0].member == alice })
  }

  @Test func aSelectorIsToldFromAName() {
    var chosen = group("sre", ["alice", "bob"])
    chosen.members?.selector = ["team": "sre"]
    chosen.members?.named = [ResourceKey("User", "bob")]
    #expect(ways([chosen])[0].steps[0].basis == .selected(["team": "sre"]))
    chosen.members?.named = [alice]
    #expect(ways([chosen])[0].steps[0].basis == .named)
  }

  @Test func timeModeAndAbsenceStandInTheWay() {
    func bounded(_ name: String, from: TimeInterval? = nil, until: TimeInterval? = nil) -> DesiredResource {
      var group = group(name, [])
      group.members?.references = [
        .init(alice, from: from.map(now.addingTimeInterval), until: until.map(now.addingTimeInterval))
      ]
      return group
    }
    var absent = group("absent", ["alice"])
    absent.lifecycle.state = .absent
    let all = ways([
      bounded("soon", from: 1), bounded("over", until: 0), bounded("now", from: 0, until: 1), absent,
      group("seen", ["alice"], mode: .observe), group("most", ["alice"], mode: .atMost),
      group("least", ["alice"], mode: .atLeast),
    ])
    #expect(texts(all) == ["least", "now", "✗ absent", "✗ most", "✗ over", "✗ seen", "✗ soon"])
    #expect(
      all.dropFirst(2).map { $0.steps[0].obstacle(at: now) }
        == [.containerAbsent, .mode(.atMost), .over, .mode(.observe), .notYet])
  }

  /// The way through what has ended is told only where no other leads there.
  @Test func aWayThatLeadsIsPreferred() {
    var ended = group("a-ended", [])
    ended.members?.references = [.init(alice, until: now)]
    let both = group("both", ["alice"])
    let outer = group("outer", [], groups: ["a-ended", "both"])
    let beyond = group("beyond", [], groups: ["outer"])
    #expect(
      texts(ways([ended, both, outer, beyond]))
        == ["both", "both > outer", "both > outer > beyond", "✗ a-ended", "✗ a-ended > outer"])
    #expect(texts(ways([ended, outer, beyond])) == ["✗ a-ended", "✗ a-ended > outer", "✗ a-ended > outer > beyond"])
  }

  @Test func aCircleEnds() {
    let circle = [group("a", ["alice"], groups: ["b"]), group("b", [], groups: ["a"])]
    #expect(texts(ways(circle)) == ["a", "a > b", "a > b > a"])
    #expect(ways([]).isEmpty)
  }

  // MARK: At an endpoint

  private func world() -> World {
    var world = World()
    world.desired = [user("alice"), group("inner", ["alice"]), group("outer", ["alice"], groups: ["inner"])]
    world.live["User"] = [liveUser("1", "alice", ["active": true])]
    world.live["Group"] = [
      liveGroup("g1", "inner", ["1"]), liveGroup("g2", "outer", ["g1"]), liveGroup("g3", "choir", ["1"]),
    ]
    world.ledger = Ledger([
      entry("User", "alice", "1"), entry("Group", "inner", "g1", ["members": ["bulkId:User/alice"]]),
      entry("Group", "outer", "g2", ["members": ["bulkId:User/alice", "bulkId:Group/inner"]]),
    ])
    return world
  }

  private func access(_ world: World) throws -> AccessThere {
    let state = DesiredState(resources: world.desired, endpoints: [world.declaration])
    return try #require(
      Planner(now: world.now).access(
        of: alice, in: state, against: [world.observation], owned: [world.declaration.name: world.ledger]
      ).first)
  }

  @Test func whoseDoingItIsThere() throws {
    let there = try access(world())
    #expect(there.id == "1" && there.isActive == true)
    #expect(there.holdings.map(\.container) == ["Group/inner", "choir", "Group/outer"])
    #expect(there.holdings.map(\.member) == ["alice", "alice", "Group/inner"])
    let recorded = Date(timeIntervalSince1970: 1_700_000_000)
    #expect(there.holdings.map(\.origin) == [.ours(recorded), .foreign, .ours(recorded)])
    // Not there yet.
    #expect(there.upcoming.map(\.groupKey.name) == ["outer"])
  }

  @Test func whoIsNotThereHasNothing() throws {
    var world = world()
    world.live["User"] = []
    let there = try access(world)
    #expect(there.id == nil && there.holdings.isEmpty)
    world.ledger = Ledger()
    world.live["User"] = [liveUser("1", "alice"), liveUser("2", "ALICE")]
    #expect(try access(world).doubt?.contains("ids 1, 2") == true)
  }

  // MARK: In the journal

  @Test func theJournalSaysWhoDidItLast() throws {
    let team = ResourceKey("Group", "team")
    var history = MembershipHistory(of: "remote")
    func run(
      _ name: String, _ outcome: String, at endpoint: String = "remote", _ before: [JSONValue], _ after: [JSONValue]
    ) {
      let change = AttributeChange(path: "members", before: .array(before), after: .array(after), cause: .manifest)
      func record(_ phase: JournalRecord.Phase, _ outcome: String = "") -> JournalLine {
        .change(
          JournalRecord(
            run: name, time: now, endpoint: endpoint, key: team, action: .update, phase: phase, outcome: outcome,
            detail: phase == .intent ? .init(attributes: [change]) : nil))
      }
      history.read(
        .begun(
          RunHeader(run: name, time: now, verb: "apply", actor: "by-\(name)", commit: "c-\(name)", planHash: "h")))
      history.read(record(.intent))
      history.read(record(.fact, outcome))
      history.read(.ended(RunEnd(run: name, time: now, outcome: .applied)))
    }
    run("r1", "applied", [], ["alice", "bob"])
    run("r2", "failed: 409", [], ["carol"])
    run("r3", "applied", at: "elsewhere", [], ["dora"])
    #expect(history.addition(of: "alice", to: team)?.actor == "by-r1")
    #expect(history.addition(of: "carol", to: team) == nil && history.addition(of: "dora", to: team) == nil)
    run("r4", "applied", ["alice"], [])
    #expect(history.addition(of: "alice", to: team) == nil)
    run("r5", "applied", [], ["alice"])
    #expect(history.addition(of: "alice", to: team)?.commit == "c-r5")
    #expect(history.addition(of: "bob", to: team)?.run == "r1")
  }
}
