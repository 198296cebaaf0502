import Foundation
import Reconciliation
import Testing

@testable import Reports

struct StatusTextTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)

  private func text(
    _ statuses: EndpointStatus..., under manifests: StatusText.Manifests = .init(areInForce: true)
  ) -> String {
    StatusText(statuses, under: manifests, now: now).rendered(.plain)
  }

  private func status(_ name: String, _ change: (inout EndpointStatus) -> Void) -> EndpointStatus {
    var status = EndpointStatus(endpoint: name, now: now - 3600)
    change(&status)
    return status
  }

  @Test func oneLineWhereAllIsWell() {
    let ready = status("local") {
      $0.set(.ready, true, .converged, at: now)
      $0.lastPass = now - 90
      $0.lastConvergence = now - 90
      $0.nextPass = now + 1800
      $0.revision = "4f1c2ab9d0e1f2a3"
    }
    #expect(text(ready) == "local  ready  as asked 90 s ago · next pass in 30 min · revision 4f1c2ab9d0e1\n")
  }

  @Test func whatAPersonMustKnowStandsBelow() {
    let refused = status("remote") {
      $0.set(.ready, false, .guardrail, "14 deletes are more than 5%", at: now)
      $0.set(.quarantined, true, .guardrail, "14 deletes are more than 5%", at: now)
      $0.lastPass = now
      $0.refusedPlan = "9f2c41d0aaaabbbbcccc"
      $0.expiries = [
        ExpiryFinding(ResourceKey("Endpoint", "remote"), .certificate, expiresAt: now + 12.5 * 86_400),
        ExpiryFinding(ResourceKey("Endpoint", "remote"), .token, expiresAt: now + 90 * 86_400),
      ]
      $0.withheld = [.init(key: ResourceKey("User", "erin"), reason: "page 3 of the read failed")]
    }
    let failing = status("hr") {
      $0.set(.ready, false, .unreachable, "no connection", at: now)
      $0.set(.reconciling, true, .retrying, at: now)
      $0.lastPass = now
      $0.lastConvergence = now - 200_000
      $0.failures = 2
    }
    #expect(
      text(refused, failing) == """
        remote  quarantined  never yet as asked
            14 deletes are more than 5%
            if it is meant: rollcall approve remote --plan 9f2c41d0aaaa
            the certificate of Endpoint/remote ends in 12 days, on 2027-01-27
            withheld: User erin: page 3 of the read failed
        hr      reconciling  as asked 2 days ago
            no connection
            2 failures in a row

        """)
  }

  @Test func aSuspensionComesBeforeAllElse() {
    let suspended = status("a") { $0.set(.ready, false, .unreachable, "down", at: now) }
      .following(EndpointOrder(suspension: .init(by: "ada", reason: "", since: now)))
    #expect(text(suspended) == "a  suspended  \n    by ada\n")
    #expect(text() == "No endpoints.\n")
  }

  @Test func whyManifestsAreNotInForceComesFirst() {
    #expect(text(under: .init(areInForce: false)) == "No manifests are in force: none were read yet\n")
    let unsigned = StatusText.Manifests(areInForce: false, problem: "commit 4f1c2ab is\u{1B} not signed")
    #expect(text(under: unsigned).hasPrefix("No manifests are in force: commit 4f1c2ab is"))
    #expect(!text(under: unsigned).contains("\u{1B}") && !text(under: unsigned).contains("No endpoints"))
    let ready = status("local") { $0.set(.ready, true, .converged, at: now) }
    let faulty = StatusText.Manifests(areInForce: true, problem: "people.yaml has an error")
    #expect(
      text(ready, under: faulty) == """
        The last good manifests are in force, not the newest: people.yaml has an error
        local  ready\("  ")

        """)
  }
}
