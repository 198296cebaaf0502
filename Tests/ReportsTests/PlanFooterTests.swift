import Foundation
import Testing

@testable import Reconciliation
@testable import Reports

struct PlanFooterTests {
  private func plan(_ endpoints: [String: [String]]) -> Plan {
    Plan(
      endpoints: endpoints.sorted { $0.key < $1.key }.map { name, leavers in
        .of(name, [.of(.update, "Group", "on-call")]) { plan in
          plan.accessChanges = leavers.map {
            AccessChange(
              member: $0, group: "On call", groupKey: ResourceKey("Group", "on-call"), gains: false, endpoint: name)
          }
        }
      })
  }

  private func access(_ endpoints: [String: [String]]) -> String? {
    PlanFooter(plan: plan(endpoints), expiresAt: nil).lines.first?.rendered(.plain)
  }

  @Test func whatIsTheSameEverywhereIsSaidOnce() {
    #expect(access(["here": ["kira"], "there": ["kira"]]) == "Access: kira loses On call")
    #expect(access(["here": ["kira"]]) == "Access: kira loses On call")
  }

  @Test(
    arguments: [
      (1204, "deletes 1 of 1,204 users (at most 5%)"), (100, "deletes 1 of 100 users (at most 5% or 10)"),
      (18, "deletes 1 of 18 users (at most 5% or 9)"), (3, "deletes 1 of 3 users (at most 5% or 2)"),
    ])
  func whatASmallSetMayLoseIsSaidWhereItIsMoreThanTheShare(total: Int, words: String) {
    let plan = EndpointPlan.of("here", [.of(.delete, "User", "kira")]) { $0.managed = ["User": total] }
    let lines = PlanFooter(plan: Plan(endpoints: [plan]), expiresAt: nil).lines
    #expect(lines.first?.rendered(.plain) == "Limits: " + words)
  }

  @Test func whatDiffersNamesItsEndpoints() {
    #expect(
      access(["here": ["kira", "omar"], "there": ["kira"], "yonder": ["kira", "omar"]])
        == "Access: kira loses On call · omar loses On call at here, yonder")
  }
}
