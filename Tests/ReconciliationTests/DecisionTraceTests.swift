import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct DecisionTraceTests {
  private func trace(
    _ world: World, _ name: String, kind: String = "User", prune: Bool = false
  ) throws -> DecisionTrace {
    let state = DesiredState(resources: world.desired, endpoints: [world.declaration])
    return try #require(
      Planner(now: world.now, prune: prune).trace(
        ResourceKey(kind, name), in: state, against: [world.observation],
        owned: [world.declaration.name: world.ledger], guardrails: Guardrail.standard()
      ).first)
  }

  @Test func theTieIsToldWithWhatWasTriedBefore() throws {
    var world = World()
    world.desired = [user("alice", ["externalId": "E1", "title": "Head"])]
    world.live["User"] = [liveUser("7", "ALICE", ["title": "Intern"]), liveUser("8", "bob")]
    let trace = try trace(world, "alice")
    #expect(trace.situation == .found && trace.correlation == "userName" && trace.liveID == "7")
    #expect(trace.tries.map(\.tie) == ["the ledger", "externalId", "userName"])
    #expect(trace.tries.map(\.found) == [[], [], ["7"]])
    #expect(trace.tries.map(\.values) == [[], ["E1"], ["alice"]])
    #expect(trace.changes.first?.attributes.map(\.path).contains("title") == true)
    #expect(trace.source?.line == 1 && trace.objections.isEmpty)
  }

  @Test func scopeMappingAndLifecycleAreTold() throws {
    var world = World()
    world.declaration.mapping = [AttributeMapping(to: AttributePath("nickName"), from: .constant("N"))]
    world.declaration.scope.matchLabels = ["team": "sre"]
    var ended = user("alice", labels: ["team": "sre"])
    ended.lifecycle.endsAt = world.now
    world.desired = [ended, user("bob")]
    #expect(try trace(world, "alice").mapped.map(\.target) == ["nickName"])
    #expect(try trace(world, "alice").inactive?.contains("has passed") == true)
    #expect(try trace(world, "alice").outOfScope == nil)
    #expect(try trace(world, "bob").outOfScope?.contains("matchLabels") == true)
    #expect(try trace(world, "x", kind: "Device").outOfScope == "the endpoint has no resource type Device")
  }

  @Test func whatGuardrailsSayOfItIsTold() throws {
    var world = World()
    world.desired = [user("alice")]
    world.live["User"] = [liveUser("1", "alice"), liveUser("2", "ALICE"), liveUser("3", "carol")]
    let ambiguous = try trace(world, "alice")
    #expect(ambiguous.situation == .ambiguous && ambiguous.withheld.count == 1)
    #expect(ambiguous.objections.map(\.guardrail) == ["ambiguous"])
    let foreign = try trace(world, "carol")
    #expect(foreign.situation == .foreign && foreign.liveID == "3" && foreign.source == nil)
    #expect(foreign.objections.isEmpty)
    #expect(try trace(world, "nobody").situation == nil)
  }

  @Test func whatIsOursAndUnwantedIsTold() throws {
    var world = World()
    world.live["User"] = [liveUser("1", "alice", ["active": true])]
    world.ledger = Ledger([entry("User", "alice", "1")])
    world.desired = [user("bob")]
    let kept = try trace(world, "alice")
    #expect(kept.situation == .unmanaged && kept.entry?.remoteID == "1")
    #expect(kept.withheld.map(\.reason) == ["removed from the manifests; use --prune"])
    #expect(try trace(world, "alice", prune: true).changes.map(\.action) == [.disable])
    #expect(try trace(world, "bob").situation == .missing)
  }

  /// What the ledger says is what was asked for; what is told is what would happen.
  @Test func whatARemovalComesToIsTold() throws {
    var world = World()
    world.live["User"] = [liveUser("1", "alice", ["active": true])]
    world.ledger = Ledger([entry("User", "alice", "1"), entry("Group", "sales", "2")])
    #expect(try trace(world, "alice").removal == .disableThenDelete)
    #expect(try trace(world, "sales", kind: "Group").removal == .delete)
    #expect(try trace(world, "bob").removal == nil)
    world.capabilities.undeletableTypes = ["User"]
    #expect(try trace(world, "alice").removal == .disable)
  }
}
