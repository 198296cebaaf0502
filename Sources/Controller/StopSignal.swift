import Synchronization

/// Tells a run to end in good order: the calls in flight are finished, nothing new is begun.
///
/// A flag rather than task cancellation, because a write that is cut off leaves nobody knowing whether it was done.
package final class StopSignal: Sendable {
  private let stopped = Mutex(false)

  package init() {}

  package var isRaised: Bool { stopped.withLock { $0 } }

  package func raise() { stopped.withLock { $0 = true } }
}
