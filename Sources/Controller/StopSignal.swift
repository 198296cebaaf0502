import Synchronization

/// Tells a run to end in good order: the calls in flight are finished, nothing new is begun.
///
/// A flag rather than task cancellation, because a write that is cut off leaves nobody knowing whether it was done.
package final class StopSignal: Sendable {
  private struct State {
    var isRaised = false
    var reason: String?
  }

  private let state = Mutex(State())
  private let leader: StopSignal?

  /// - Parameter leader: a signal that counts here as well when it is raised.
  package init(following leader: StopSignal? = nil) { self.leader = leader }

  package var isRaised: Bool { state.withLock(\.isRaised) || leader?.isRaised == true }

  /// Why it was raised, where that is not plain.
  package var reason: String? { state.withLock(\.reason) ?? leader?.reason }

  package func raise(because reason: String? = nil) {
    state.withLock { state in
      state.isRaised = true
      state.reason = state.reason ?? reason
    }
  }
}
