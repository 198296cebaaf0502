import JSON
import SCIM
import Testing

@testable import Reconciliation

/// What an endpoint adds to a list by itself: Google gives every user its primary address, and an alias for each old one.
@Suite struct AutomaticElementTests {
  private static let own: JSONValue = ["value": "a@x.y", "type": "work", "primary": true]
  private static let home: JSONValue = ["value": "h@x.y", "type": "home"]

  /// The operations of the one change.
  private func operations(_ desired: JSONObject, _ live: JSONValue, applied: JSONObject = [:]) -> [PatchOperation]? {
    var world = World()
    world.capabilities.automaticElements = ["User": ["emails": .compare(AttributePath("primary"), .equal, true)]]
    world.desired = [user("alice", desired)]
    world.live["User"] = [liveUser("1", "alice", ["emails": live])]
    world.ledger = Ledger([entry("User", "alice", "1", applied)])
    return world.plan().changes.first?.operations
  }

  @Test func isNoDifference() {
    #expect(operations(["emails": [Self.home]], [Self.own, Self.home]) == nil)
    #expect(operations(["emails": []], [Self.own]) == nil)
    #expect(operations(["emails": [Self.home]], [Self.own, Self.home], applied: ["emails": []]) == nil)
  }

  @Test func isComparedWhereItIsAskedFor() {
    #expect(operations(["emails": [["value": "A@x.y", "type": "work"], Self.home]], [Self.own, Self.home]) == nil)
    let wanted: JSONValue = [["value": "a@x.y", "type": "other"]]
    #expect(
      operations(["emails": wanted], [Self.own]) == [PatchOperation(.replace, AttributePath("emails"), value: wanted)])
  }

  @Test func staysWhenTheRestIsWritten() {
    #expect(
      operations(["emails": [Self.home]], [Self.own]) == [
        PatchOperation(.replace, AttributePath("emails"), value: [Self.home, Self.own])
      ])
  }

  @Test func whatIsNoLongerSaidGoesAlone() {
    #expect(
      operations([:], [Self.own, Self.home], applied: ["emails": [Self.home]]) == [
        PatchOperation(.replace, AttributePath("emails"), value: [Self.own])
      ])
    #expect(operations([:], [Self.own], applied: [:]) == nil)
  }
}
