import Synchronization

/// Wakes one task that waits for work. A ring while nobody waits is not lost.
final class Bell: Sendable {
  private struct State {
    var isRung = false
    var isUrgent = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// - Parameter isUrgent: whether somebody waits for what the work comes to.
  func ring(isUrgent: Bool = false) {
    let waiter = state.withLock { state in
      if isUrgent { state.isUrgent = true }
      defer { state.waiter = nil }
      state.isRung = state.waiter == nil
      return state.waiter
    }
    waiter?.resume()
  }

  /// Whether somebody has asked for haste since this was last asked.
  func takeUrgency() -> Bool {
    state.withLock { state in
      defer { state.isUrgent = false }
      return state.isUrgent
    }
  }

  /// Waits until the bell rings, the time is over or the task is cancelled.
  func wait(atMost duration: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await Task.sleep(for: duration) }
      group.addTask { await self.waitForRing() }
      await group.next()
      group.cancelAll()
    }
  }

  private func waitForRing() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isRung = state.withLock { state in
          defer { state.isRung = false }
          if !state.isRung { state.waiter = continuation }
          return state.isRung
        }
        if isRung { continuation.resume() } else if Task.isCancelled { dismiss() }
      }
    } onCancel: {
      dismiss()
    }
  }

  private func dismiss() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
