import Foundation
import JSON
import Testing

@testable import Reconciliation

struct EndpointStatusTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)

  private var status: EndpointStatus {
    var status = EndpointStatus(endpoint: "remote", now: now)
    status.set(.ready, false, .guardrail, "too many deletes", at: now + 1)
    status.set(.quarantined, true, .guardrail, at: now + 1)
    status.lastPass = now + 2.5
    status.lastPassBegan = now + 1.5
    status.lastConvergence = now
    status.nextPass = now + 600
    status.failures = 3
    status.pending.count(.delete)
    status.withheld = [.init(key: ResourceKey("User", "erin"), reason: "page 3 of the read failed")]
    status.drift = [.changed: 2]
    status.refusedPlan = "9f2c41d0"
    status.revision = "4f1c2ab"
    status.controller = "host:7"
    status.expiries = [
      ExpiryFinding(ResourceKey("Endpoint", "remote"), .token, expiresAt: now + 86_400),
      ExpiryFinding(ResourceKey("IdentityProvider", "partner"), .certificate, expiresAt: now - 1),
    ]
    return status
  }

  @Test func comesOutOfJSONAsItWentIn() throws {
    #expect(EndpointStatus(json: status.json) == status)
    let text = JSONValue.object(status.json).pretty()
    #expect(EndpointStatus(json: try #require(try JSONValue(parsing: Array(text.utf8)).object)) == status)
    let plain = EndpointStatus(endpoint: "e", now: now)
    #expect(EndpointStatus(json: plain.json) == plain)
  }

  @Test func whatIsMissingIsNotKnown() {
    let status = EndpointStatus(json: ["endpoint": "e", "conditions": [["type": "New", "status": true]]])
    #expect(status?.endpoint == "e")
    #expect(status?[.ready].reason == .notYetRead)
    #expect(EndpointStatus(json: [:]) == nil)
  }

  @Test func aConditionKeepsItsMomentWhileItHolds() {
    var status = status
    status.set(.ready, false, .unreachable, "down", at: now + 50)
    #expect(status[.ready].since == now)
    #expect(status[.ready].message == "down")
    status.set(.ready, true, .converged, at: now + 60)
    #expect(status[.ready].since == now + 60)
  }

  @Test func anOrderComesOutOfJSONAsItWentIn() {
    let order = EndpointOrder(
      suspension: .init(by: "ada@host", reason: "audit", since: now),
      approval: .init(plan: "9f2c", by: "bob", at: now + 1), reconcileAfter: now + 2)
    #expect(EndpointOrder(json: order.json) == order)
    #expect(EndpointOrder(json: [:]) == EndpointOrder())
  }

  @Test func aSuspensionShowsInTheStatus() {
    let suspension = EndpointOrder.Suspension(by: "ada", reason: "audit", since: now)
    let suspended = status.following(EndpointOrder(suspension: suspension))
    #expect(suspended[.suspended].isTrue)
    #expect(suspended[.suspended].message == "by ada: audit")
    #expect(suspended.nextPass == nil)
    #expect(!suspended.following(nil)[.suspended].isTrue)
  }

  @Test func whoDependsOnWhatCouldNotBeReadIsLeftOut() {
    let plans = [("a", ["b"]), ("b", ["c"]), ("d", [])].map { name, dependencies in
      var plan = EndpointPlan(endpoint: name, driver: .embedded)
      plan.dependsOn = dependencies
      return plan
    }
    let (plan, left) = Plan(endpoints: plans).leavingOut(dependantsOf: ["c"])
    #expect(plan.endpoints.map(\.endpoint) == ["d"])
    #expect(left.sorted() == ["a", "b"])
  }
}
