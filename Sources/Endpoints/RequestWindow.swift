import Synchronization

/// Bounds how many requests are in flight at once. Who waits longest goes first; who is cancelled leaves the queue.
final class RequestWindow: Sendable {
  private struct State {
    var free: Int
    var nextTicket = 0
    var queue: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private let state: Mutex<State>

  init(size: Int) { state = Mutex(State(free: max(size, 1))) }

  /// Runs the body when a place is free.
  func withPlace<Value: Sendable>(
    _ body: () async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    guard await enter() else { throw EndpointError(.cancelled, "cancelled before the request was sent") }
    defer { leave() }
    return try await body()
  }

  /// - Returns: whether a place was taken; false when the task was cancelled.
  private func enter() async -> Bool {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          // Checked under the lock: a cancellation from here on finds the ticket in the queue.
          if Task.isCancelled { return false }
          guard state.free == 0 else {
            state.free -= 1
            return true
          }
          state.queue.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      withdraw(ticket)
    }
  }

  private func leave() {
    let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
      guard state.queue.isEmpty else { return state.queue.removeFirst().continuation }
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }

  private func withdraw(_ ticket: Int) {
    let waiting = state.withLock { state in
      state.queue.firstIndex { $0.ticket == ticket }.map { state.queue.remove(at: $0).continuation }
    }
    waiting?.resume(returning: false)
  }
}
