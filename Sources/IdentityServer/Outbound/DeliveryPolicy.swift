import Endpoints
import Foundation
import LocalDirectory
import Reconciliation

/// When what could not be delivered is tried again, and when it is given up. No clock, no randomness of its own.
struct DeliveryPolicy: Sendable {
  /// How often a resource may fail before it is a dead letter.
  var attempts = 8
  var backoff = Backoff(first: 2, longest: 300)

  /// The delivery to keep; nil when it is done.
  /// - Parameters:
  ///   - earlier: what is kept of earlier attempts.
  ///   - isAskedFor: whether somebody changed the resource or asked for it, so that a dead letter lives again.
  ///   - random: between 0 and 1.
  func delivery(
    of key: ResourceKey, by connector: String, _ outcome: ProvisioningResult.Outcome, after earlier: Delivery?,
    isAskedFor: Bool, now: Date, random: Double
  ) -> Delivery? {
    let isDead = earlier?.state == .dead && !isAskedFor
    let failed = earlier?.state == .dead && isAskedFor ? 0 : earlier?.attempts ?? 0
    func kept(_ state: Delivery.State, _ attempts: Int, after delay: TimeInterval, _ reason: String) -> Delivery {
      Delivery(
        connector: connector, type: key.kind, id: key.name, state: state, attempts: attempts,
        since: earlier?.since ?? Timestamp.truncated(now), dueAt: Timestamp.truncated(now.addingTimeInterval(delay)),
        reason: reason)
    }
    switch outcome {
    case .delivered: return nil
    case .waiting(let cause): return kept(isDead ? .dead : .waiting, failed, after: 0, "waits for \(cause)")
    case .failed(let reason, let wish):
      let count = failed + 1
      let state: Delivery.State = isDead || count >= attempts ? .dead : .waiting
      return kept(state, count, after: delay(afterFailures: count, wish, random), reason)
    }
  }

  /// What is kept of an error that concerns the endpoint as a whole, after so many in a row.
  func failure(_ error: EndpointError, after earlier: ConnectorState.Failure?, now: Date, random: Double)
    -> ConnectorState.Failure
  {
    let count = (earlier?.count ?? 0) + 1
    let delay = delay(afterFailures: count, error.retryAfter, random)
    return ConnectorState.Failure(
      count: count, retryAt: Timestamp.truncated(now.addingTimeInterval(delay)), reason: error.message)
  }

  /// In seconds: what the endpoint asks for, else longer each time, give or take.
  private func delay(afterFailures count: Int, _ wish: Duration?, _ random: Double) -> TimeInterval {
    wish.map { $0 / .seconds(1) } ?? backoff.delay(afterFailures: count) * (0.5 + random / 2)
  }
}
