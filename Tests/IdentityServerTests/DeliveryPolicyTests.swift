import Endpoints
import Foundation
import LocalDirectory
import Reconciliation
import Testing

@testable import IdentityServer

struct DeliveryPolicyTests {
  private let policy = DeliveryPolicy(attempts: 3, backoff: Backoff(first: 10, longest: 30))
  private let now = Date(timeIntervalSince1970: 1_800_000_000)
  private let key = ResourceKey("User", "u1")

  private func delivery(
    _ outcome: ProvisioningResult.Outcome, after earlier: Delivery? = nil, isAskedFor: Bool = false
  ) -> Delivery? {
    policy.delivery(of: key, by: "c", outcome, after: earlier, isAskedFor: isAskedFor, now: now, random: 1)
  }

  @Test func waitsGrowAndEnd() throws {
    let failed = ProvisioningResult.Outcome.failed(reason: "no", retryAfter: nil)
    let first = try #require(delivery(failed))
    #expect(first.state == .waiting)
    #expect(first.dueAt == now + 10)
    let second = try #require(delivery(failed, after: first))
    #expect(second.dueAt == now + 20)
    let third = try #require(delivery(failed, after: second))
    #expect(third.state == .dead)
    #expect(third.attempts == 3)
    // A full pass does not count as asking.
    #expect(delivery(failed, after: third)?.state == .dead)
    #expect(delivery(failed, after: third, isAskedFor: true)?.attempts == 1)
    #expect(delivery(.delivered, after: third) == nil)
  }

  @Test func whatTheEndpointAsksForIsKeptTo() {
    #expect(delivery(.failed(reason: "busy", retryAfter: .seconds(77)))?.dueAt == now + 77)
    let error = EndpointError(.rateLimited(retryAfter: .seconds(5)), "busy")
    #expect(policy.failure(error, after: nil, now: now, random: 0).retryAt == now + 5)
  }

  @Test func waitingForAnotherIsNoAttempt() throws {
    let waiting = try #require(delivery(.waiting(for: ResourceKey("User", "u2"))))
    #expect(waiting.attempts == 0)
    #expect(waiting.dueAt == now)
    #expect(waiting.reason == "waits for User/u2")
  }

  @Test(arguments: [
    (EndpointError(.unreachable, ""), true), (EndpointError(.unauthorized, status: 401, ""), true),
    (EndpointError(.unavailable(retryAfter: nil), status: 503, ""), true),
    (EndpointError(.unavailable(retryAfter: nil), status: 500, ""), false),
    (EndpointError(.rejected, status: 400, ""), false), (EndpointError(.conflict, status: 409, ""), false),
  ])
  func oneResourceIsToldFromTheWholeEndpoint(_ error: EndpointError, _ isFatal: Bool) {
    #expect(error.concernsWholeEndpoint == isFatal)
  }
}
