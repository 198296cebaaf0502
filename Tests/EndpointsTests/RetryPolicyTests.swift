import SeededRandom
import Testing

@testable import Endpoints

@Suite struct RetryPolicyTests {
  private static let effects: [RetryPolicy.Effect] = [.read, .consumingRead, .repeatableWrite, .create]

  private static func decide(
    _ kind: EndpointError.Kind, _ effect: RetryPolicy.Effect, by policy: RetryPolicy = RetryPolicy(),
    history: inout RetryPolicy.History
  ) -> RetryPolicy.Decision {
    var generator = SplitMix64(seed: 1)
    return policy.decide(on: EndpointError(kind, "x"), effect: effect, history: &history, using: &generator)
  }

  private static func decide(_ kind: EndpointError.Kind, _ effect: RetryPolicy.Effect) -> RetryPolicy.Decision {
    var history = RetryPolicy.History()
    return decide(kind, effect, history: &history)
  }

  @Test(arguments: effects) func refusalsAreFinal(_ effect: RetryPolicy.Effect) {
    let kinds: [EndpointError.Kind] = [
      .unauthorized, .forbidden, .notFound, .conflict, .stale, .tooLarge, .rejected, .malformed, .misconfigured,
      .cancelled,
    ]
    for kind in kinds { #expect(Self.decide(kind, effect) == .giveUp) }
  }

  @Test(arguments: effects) func whatNeverArrivedIsSentAgain(_ effect: RetryPolicy.Effect) {
    let wait = Duration.seconds(3)
    #expect(Self.decide(.rateLimited(retryAfter: wait), effect) == .tryAgain(after: wait))
    guard case .tryAgain = Self.decide(.unreachable, effect) else {
      Issue.record("a request without a connection was not repeated")
      return
    }
  }

  /// The endpoint may have gone on to what comes next.
  @Test func whatIsHandedOutOnceIsNotAskedForTwice() {
    for kind in [EndpointError.Kind.interrupted, .timedOut, .unavailable(retryAfter: nil)] {
      #expect(Self.decide(kind, .consumingRead) == .giveUp)
    }
    guard case .tryAgain = Self.decide(.interrupted, .read) else {
      Issue.record("a read was not repeated")
      return
    }
  }

  @Test func aCreateOfUnknownOutcomeIsLookedForFirst() {
    for kind in [EndpointError.Kind.interrupted, .timedOut, .unavailable(retryAfter: nil)] {
      for effect in [RetryPolicy.Effect.read, .repeatableWrite] {
        guard case .tryAgain = Self.decide(kind, effect) else {
          Issue.record("\(kind) ended a \(effect)")
          continue
        }
      }
      guard case .lookThenTryAgain = Self.decide(kind, .create) else {
        Issue.record("\(kind) repeated a create blindly")
        continue
      }
    }
  }

  @Test func onceUnknownStaysUnknown() {
    var history = RetryPolicy.History()
    _ = Self.decide(.interrupted, .create, history: &history)
    let wait = Duration.seconds(1)
    #expect(Self.decide(.rateLimited(retryAfter: wait), .create, history: &history) == .lookThenTryAgain(after: wait))
  }

  @Test func attemptsAreCounted() {
    var history = RetryPolicy.History()
    let decisions = (1...3).map { _ in
      Self.decide(.unreachable, .read, by: RetryPolicy(attempts: 3), history: &history)
    }
    #expect(decisions[0] != .giveUp && decisions[1] != .giveUp)
    #expect(decisions[2] == .giveUp)
  }

  @Test func patienceEnds() {
    let policy = RetryPolicy(patience: .seconds(100))
    var history = RetryPolicy.History()
    let kind = EndpointError.Kind.unavailable(retryAfter: .seconds(60))
    #expect(Self.decide(kind, .read, by: policy, history: &history) == .tryAgain(after: .seconds(60)))
    #expect(Self.decide(kind, .read, by: policy, history: &history) == .giveUp)
    #expect(history.waited == .seconds(60))
  }

  @Test func backoffGrowsFromZeroToItsBound() {
    let policy = RetryPolicy(base: .seconds(1), cap: .seconds(5))
    var generator = SplitMix64(seed: 3)
    for (attempt, bound) in [(1, 1), (2, 2), (3, 4), (4, 5), (60, 5)] {
      let waits = (0..<200).map { _ in policy.backoff(attempt: attempt, using: &generator) }
      #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(bound) })
      // Full jitter: the waits fill the range.
      #expect(waits.contains { $0 < .seconds(bound) / 4 } && waits.contains { $0 > .seconds(bound) * 3 / 4 })
    }
  }
}
