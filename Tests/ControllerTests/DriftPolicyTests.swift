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
    return plan.leaving(Set(changes.filter(\.onlyCorrectsDrift).map(\.key))).changes.map(\.key.name)
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

  /// - Parameter exceptions: resources with a word of their own.
  private func policies(
    _ policy: EndpointDeclaration.DriftPolicy, _ exceptions: [String: EndpointDeclaration.DriftPolicy] = [:]
  ) -> DriftPolicies {
    var declaration = EndpointDeclaration.embedded
    declaration.drift = policy
    let place = SourceLocation(file: "a.yaml", line: 1, column: 1)
    let resources = exceptions.map { name, policy in
      var resource = DesiredResource(key: ResourceKey("User", name), attributes: [:], location: place)
      resource.drift = policy
      return resource
    }
    return DriftPolicies(declaration, DesiredState(resources: resources, endpoints: [declaration]))
  }

  private var plan: Plan {
    var endpoint = EndpointPlan(endpoint: "e", driver: .embedded)
    endpoint.changes = [
      change("a", .update, causes: [.endpoint]), change("b", .create, causes: [.manifest]),
      change("c", .update, causes: [.endpoint]),
    ]
    return Plan(endpoints: [endpoint])
  }

  private func names(_ keys: [ResourceKey]) -> String { keys.map(\.name).joined(separator: " ") }

  @Test(arguments: [
    (EndpointDeclaration.DriftPolicy.correct, "a b c", "a c", ""), (.report, "b", "", "a c"), (.ignore, "b", "", ""),
  ])
  func theEndpointSaysWhatBecomesOfDrift(
    policy: EndpointDeclaration.DriftPolicy, left: String, corrected: String, reported: String
  ) {
    let followed = plan.following(policies(policy))
    #expect(names(followed.plan.changes.map(\.key)) == left)
    #expect(names(followed.corrected) == corrected)
    #expect(names(followed.reported) == reported)
  }

  @Test func aResourceMaySayOtherwise() {
    let followed = plan.following(policies(.report, ["a": .correct, "c": .ignore]))
    #expect(names(followed.plan.changes.map(\.key)) == "a b")
    #expect(names(followed.corrected) == "a")
    #expect(followed.reported.isEmpty)
  }
}
