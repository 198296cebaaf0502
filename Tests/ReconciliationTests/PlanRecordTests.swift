import Foundation
import JSON
import Testing

@testable import Reconciliation

/// What is kept of a plan for people to look at.
struct PlanRecordTests {
  private let time = Date(timeIntervalSince1970: 1_800_000_000.125)

  private func change(_ action: Change.Action, _ name: String, _ attributes: [AttributeChange] = []) -> Change {
    Change(
      key: ResourceKey("User", name), action: action, situation: action == .create ? .missing : .linked,
      remoteID: action == .create ? nil : "id-\(name)",
      request: action == .create ? .create(["password": "canary"]) : .patch([]), attributes: attributes,
      secrets: ["password": .literal(Secret("canary"))], reason: action == .disable ? "removed from the manifests" : "",
      source: SourceLocation(file: "people:1/a.yaml", line: 12, column: 3))
  }

  private func plan(_ changes: [Change]) -> EndpointPlan {
    var plan = EndpointPlan(endpoint: "slack", driver: .scim2)
    plan.changes = changes
    plan.withheld = [
      .init(key: ResourceKey("User", "erin"), situation: .unmanaged, reason: "page 3 of the read failed", source: nil)
    ]
    return plan
  }

  @Test func itComesBackFromTheStore() throws {
    let changes = [
      change(
        .update, "alice",
        [
          AttributeChange(path: "title", before: "Intern", after: nil, cause: .endpoint),
          AttributeChange(path: "members", before: ["bob"], after: ["carol"], cause: .manifest),
        ]), change(.create, "dave"), change(.disable, "zoe"),
    ]
    let record = PlanRecord(
      plan(changes), time: time, result: "partial", hash: "abc", run: "run-1",
      outcomes: [.applied(remoteID: "1"), .failed(reason: "no room"), .skipped(because: ResourceKey("User", "dave"))],
      objections: [Objection(guardrail: "maxDisables", endpoint: "slack", message: "too many", hint: "raise it")])
    let kept = try #require(JSONValue(parsing: JSONValue.object(record.json).serialized()).object)
    let read = try #require(PlanRecord(json: kept))
    #expect(read.changes.map(\.key.name) == ["alice", "dave", "zoe"])
    #expect(read.changes[0].attributes == changes[0].attributes && read.changes[0].remoteID == "id-alice")
    #expect(read.changes.map(\.outcome) == ["applied", "failed", "skipped"])
    #expect(read.changes.map(\.message) == ["", "no room", "skipped because of User/dave"])
    #expect(read.changes[2].reason == "removed from the manifests")
    #expect(read.changes[0].source == SourceLocation(file: "people:1/a.yaml", line: 12))
    #expect(read.withheld == record.withheld && read.objections == record.objections)
    #expect(read.time == time && read.hash == "abc" && read.run == "run-1" && read.summary == record.summary)
    #expect(read.omitted == 0)
  }

  @Test func whatIsSentIsNotKept() {
    let record = PlanRecord(plan([change(.create, "dave")]), time: time, result: "refused", hash: "abc")
    #expect(!JSONValue.object(record.json).text.contains("canary"))
  }

  /// Of too many changes those stay that take something away.
  @Test func tooManyChangesAreCut() {
    let creates = (0..<1500).map { change(.create, "new\($0)") }
    let record = PlanRecord(
      plan(creates + [change(.disable, "zoe")]), time: time, result: "refused", hash: nil)
    #expect(record.changes.count == 1000 && record.omitted == 501 && record.summary.changes == 1501)
    #expect(record.changes.last?.key.name == "zoe" && record.changes.first?.key.name == "new0")
  }

  @Test func whatIsNoPlanIsNone() {
    #expect(PlanRecord(json: [:]) == nil && PlanRecord(json: ["endpoint": "a", "time": "now", "result": "x"]) == nil)
  }
}
