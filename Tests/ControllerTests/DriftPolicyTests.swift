import JSON
import Reconciliation
import Testing

@testable import Controller

struct DriftPolicyTests {
  private func change(
    _ name: String, _ action: Change.Action, causes: [Cause] = [], after dependencies: [String] = []
  ) -> Change {
    Change(
      key: ResourceKey("User", name), action: action, situation: .linked, request: .patch([]),
      attributes: causes.map { AttributeChange(path: "title", before: nil, after: "x", cause: $0) },
      dependencies: dependencies.map { ResourceKey("User", $0) })
  }

  private func left(_ changes: Change...) -> [String] {
    var plan = EndpointPlan(endpoint: "e", driver: .embedded)
    plan.changes = changes
    return plan.withoutDriftCorrections().changes.map(\.key.name)
  }

  @Test func onlyWhatTheEndpointDidIsDrift() {
    #expect(change("a", .update, causes: [.endpoint]).onlyCorrectsDrift)
    #expect(change("a", .disable, causes: [.endpoint, .endpoint]).onlyCorrectsDrift)
    #expect(!change("a", .update, causes: [.endpoint, .manifest]).onlyCorrectsDrift)
    #expect(!change("a", .update, causes: [.both]).onlyCorrectsDrift)
    #expect(!change("a", .update, causes: [.unknown]).onlyCorrectsDrift)
    #expect(!change("a", .update).onlyCorrectsDrift)
    #expect(!change("a", .create, causes: [.manifest]).onlyCorrectsDrift)
    #expect(!change("a", .delete, causes: [.endpoint]).onlyCorrectsDrift)
  }

  @Test func whatWasDeletedBehindOurBackIsDriftEvenWithAPassword() {
    #expect(change("a", .create, causes: [.endpoint, .manifest]).onlyCorrectsDrift)
  }

  @Test func dependantsGoWithTheirCause() {
    let chain = left(
      change("a", .create, causes: [.endpoint]), change("b", .update, causes: [.manifest], after: ["a"]),
      change("c", .update, causes: [.manifest], after: ["b"]), change("d", .update, causes: [.manifest]),
      change("a", .update, after: ["a", "d"]))
    #expect(chain == ["d"])
  }

  @Test func aRemovalStays() {
    #expect(left(change("a", .update, causes: [.endpoint]), change("b", .delete, after: ["a"])) == ["b"])
  }

  @Test func policies() {
    var endpoint = EndpointPlan(endpoint: "e", driver: .embedded)
    endpoint.changes = [change("a", .update, causes: [.endpoint]), change("b", .create, causes: [.manifest])]
    let plan = Plan(endpoints: [endpoint])
    let drifted = [ResourceKey("User", "a")]
    #expect(plan.following(.correct).plan == plan)
    #expect(plan.following(.correct).drift == drifted)
    #expect(plan.following(.report).plan.changes.map(\.key.name) == ["b"])
    #expect(plan.following(.report).drift == drifted)
    #expect(plan.following(.ignore).plan.changes.map(\.key.name) == ["b"])
    #expect(plan.following(.ignore).drift.isEmpty)
  }
}
