import Reconciliation
import Synchronization
import Testing

@testable import Endpoints

struct SendingPermitTests {
  private let scheduler = RequestScheduler(
    policy: RetryPolicy(), limits: EndpointDeclaration.Limits(), clock: ContinuousClock(),
    generator: SystemRandomNumberGenerator())

  @Test(arguments: [RetryPolicy.Effect.read, .repeatableWrite, .create])
  func nothingIsTriedAgainWithoutPermission(_ effect: RetryPolicy.Effect) async throws {
    let attempts = Mutex(0)
    let error = await #expect(throws: EndpointError.self) {
      try await SendingPermit.$current.withValue(SendingPermit { attempts.withLock { $0 } == 0 }) {
        try await scheduler.run(effect) { () throws(EndpointError) -> Int in
          attempts.withLock { $0 += 1 }
          throw EndpointError(.unavailable(retryAfter: .zero), "busy")
        }
      }
    }
    #expect(attempts.withLock { $0 } == 1)
    #expect(error?.kind == .cancelled)
  }

  /// An endpoint may ask for minutes, and whoever ends a run shall not wait for them.
  @Test(.timeLimit(.minutes(1)), arguments: [RetryPolicy.Effect.read, .create])
  func aWaitEndsWithThePermission(_ effect: RetryPolicy.Effect) async throws {
    let attempts = Mutex(0)
    let error = await #expect(throws: EndpointError.self) {
      try await SendingPermit.$current.withValue(SendingPermit { attempts.withLock { $0 } == 0 }) {
        try await scheduler.run(effect) { () throws(EndpointError) -> Int in
          attempts.withLock { $0 += 1 }
          throw EndpointError(.unavailable(retryAfter: .seconds(250)), "busy")
        }
      }
    }
    // Nobody knows whether the create was carried out: it is not told as one that was never sent.
    #expect(error?.kind == (effect == .create ? .unavailable(retryAfter: .seconds(250)) : .cancelled))
  }

  @Test func whatIsPermittedIsTriedAgain() async throws {
    let attempts = Mutex(0)
    let answer = try await scheduler.run(.read) { () throws(EndpointError) -> Int in
      let count = attempts.withLock { count in
        count += 1
        return count
      }
      guard count == 3 else { throw EndpointError(.unavailable(retryAfter: .zero), "busy") }
      return count
    }
    #expect(answer == 3)
  }
}
