import Endpoints
import Foundation
import Reconciliation
import Testing

@testable import Controller

struct LoopStateTests {
  private let start = Date(timeIntervalSince1970: 1_800_000_000)

  private func state(_ names: String..., interval: TimeInterval = 600) -> LoopState {
    var state = LoopState()
    state.take(desired(names, interval: interval), at: start)
    return state
  }

  private func desired(_ names: [String], interval: TimeInterval = 600) -> DesiredState {
    DesiredState(
      resources: [], endpoints: names.map { EndpointDeclaration(name: $0, driver: .embedded, interval: interval) })
  }

  private func next(_ state: inout LoopState, after seconds: TimeInterval) -> String? {
    state.next(at: start + seconds)?.0.name
  }

  // MARK: Queue

  @Test func aKeyIsNeverWorkedOnTwiceAtOnce() {
    var queue = WorkQueueState()
    queue.add("a", at: start)
    #expect(queue.next(at: start) == "a")
    queue.add("a", at: start)
    #expect(queue.next(at: start) == nil)
    queue.finish("a")
    #expect(queue.next(at: start) == "a")
  }

  @Test func theEarliestIsNext() {
    var queue = WorkQueueState()
    queue.add("late", at: start + 2)
    queue.add("early", at: start + 1)
    queue.add("late", at: start + 3)
    #expect(queue.next(at: start) == nil)
    #expect(queue.next(at: start + 5) == "early")
    #expect(queue.next(at: start + 2) == "late")
  }

  @Test func whatIsNotKeptIsForgotten() {
    var queue = WorkQueueState()
    queue.add("a", at: start)
    queue.keep(only: ["b"])
    #expect(queue.next(at: start) == nil)
  }

  @Test func waitsDoubleWithinBounds() {
    let backoff = Backoff(first: 5, longest: 300)
    #expect((1...8).map(backoff.delay) == [5, 10, 20, 40, 80, 160, 300, 300])
    #expect(backoff.delay(afterFailures: .max) == 300)
  }

  // MARK: Loop

  @Test func everyEndpointIsDueAtOnceAndThenAtItsInterval() {
    var state = state("a", "b")
    #expect(next(&state, after: 0) == "a")
    #expect(next(&state, after: 0) == "b")
    #expect(next(&state, after: 0) == nil)
    state.finish("a", .inSync(drift: []), at: start, random: 0.5)
    #expect(next(&state, after: 599) == nil)
    #expect(next(&state, after: 601) == "a")
  }

  @Test func theIntervalIsSpreadByATenth() {
    var state = state("a")
    _ = next(&state, after: 0)
    state.finish("a", .inSync(drift: []), at: start, random: 0)
    #expect(next(&state, after: 541) == "a")
    state.finish("a", .inSync(drift: []), at: start, random: 1)
    #expect(next(&state, after: 659) == nil)
    #expect(next(&state, after: 661) == "a")
  }

  @Test func failuresBackOffAndASuccessForgetsThem() {
    var state = state("a")
    for delay in [5.0, 10, 20] {
      #expect(next(&state, after: 1000) == "a")
      state.finish("a", .broken("no"), at: start, random: 1)
      #expect(next(&state, after: delay - 0.1) == nil)
    }
    _ = next(&state, after: 1000)
    state.finish("a", .inSync(drift: []), at: start, random: 0.5)
    _ = next(&state, after: 1000)
    state.finish("a", .unreachable(EndpointError(.timedOut, "no")), at: start, random: 1)
    #expect(next(&state, after: 5.1) == "a")
  }

  @Test func aWaitIsNeverLongerThanTheInterval() {
    var state = state("a", interval: 7)
    for _ in 1...5 {
      _ = next(&state, after: 1000)
      state.finish("a", .broken("no"), at: start, random: 1)
    }
    #expect(next(&state, after: 7.1) == "a")
  }

  @Test func aRefusalWaitsForTheInterval() {
    var state = state("a")
    _ = next(&state, after: 0)
    state.finish("a", .refused([]), at: start, random: 0.5)
    #expect(next(&state, after: 500) == nil)
  }

  @Test func newManifestsMakeAllDueAndDropWhatIsGone() {
    var state = state("a", "b")
    while next(&state, after: 0) != nil {}
    state.take(desired(["b", "c"]), at: start)
    #expect(next(&state, after: 0) == "c")
    state.finish("a", .inSync(drift: []), at: start, random: 0)
    state.finish("b", .inSync(drift: []), at: start, random: 0)
    #expect(next(&state, after: 0) == "b")
    #expect(next(&state, after: 5000) == nil)
  }
}
