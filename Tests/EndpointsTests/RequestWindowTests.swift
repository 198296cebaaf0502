import Synchronization
import Testing

@testable import Endpoints

@Suite struct RequestWindowTests {
  private final class Gauge: Sendable {
    let state = Mutex<(inside: Int, most: Int)>((0, 0))

    func enter() {
      state.withLock {
        $0.inside += 1; $0.most = max($0.most, $0.inside)
      }
    }
    func leave() { state.withLock { $0.inside -= 1 } }
  }

  @Test func neverMoreThanItsSize() async throws {
    let window = RequestWindow(size: 3)
    let gauge = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          try? await window.withPlace { () throws(EndpointError) in
            gauge.enter()
            await Task.yield()
            gauge.leave()
          }
        }
      }
    }
    #expect(gauge.state.withLock { $0.most } <= 3)
    #expect(gauge.state.withLock { $0.inside } == 0)
  }

  @Test func theCancelledLeaveTheQueueAndTakeNoPlace() async throws {
    let window = RequestWindow(size: 1)
    let (held, release) = AsyncStream<Void>.makeStream()
    let (entered, announce) = AsyncStream<Void>.makeStream()
    let holder = Task {
      try await window.withPlace { () throws(EndpointError) in
        announce.yield()
        for await _ in held { break }
      }
    }
    for await _ in entered { break }
    let waiting = (0..<10).map { _ in
      Task { await failure { try await window.withPlace { () throws(EndpointError) in } }?.kind }
    }
    for task in waiting { task.cancel() }
    for task in waiting { #expect(await task.value == .cancelled) }
    release.yield()
    try await holder.value
    #expect(try await window.withPlace { () throws(EndpointError) in true })
  }

  @Test func anErrorGivesThePlaceBack() async throws {
    let window = RequestWindow(size: 1)
    let error = EndpointError(.rejected, "no")
    #expect(await failure { try await window.withPlace { () throws(EndpointError) in throw error } } == error)
    #expect(try await window.withPlace { () throws(EndpointError) in true })
  }
}
