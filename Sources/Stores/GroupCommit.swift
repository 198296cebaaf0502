import Dispatch
import Synchronization

/// A connection that writes, in transactions with savepoints.
protocol WritingConnection: SendableMetatype {
  /// False also when the database has ended the transaction by itself.
  var isInsideTransaction: Bool { get }

  /// Runs the closure alone among all that write to the database. What it did is durable when this returns, and undone
  /// when it throws.
  func inTransaction(_ body: () throws -> Void) throws

  /// Runs the closure within a transaction; what it did is undone when it throws.
  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value
}

/// Lets concurrent writers share one transaction, each in a savepoint of its own: making a transaction durable costs a
/// wait for the disk, and one wait serves all that came while the last one lasted. Where the disk is slow, those that have
/// just been answered are given a moment to come again: else they would fall into two groups that wait for each other.
final class GroupCommit<Connection: WritingConnection>: Sendable {
  /// Tells the writer how it went; the error is that of the shared transaction.
  private typealias Completion = @Sendable ((any Error)?) -> Void

  private struct Job: Sendable {
    /// Alone in its transaction, a writer needs no savepoint.
    let run: @Sendable (Connection, _ isAlone: Bool) -> (failure: (any Error)?, complete: Completion)
    let abandon: @Sendable (any Error) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var isDraining = false
    /// Gathering ends when so many wait.
    var expected = Int.max
  }

  /// The most writers of one transaction, so that the first does not wait for a crowd.
  private static var largestGroup: Int { 256 }

  /// A disk that takes less is done before a sleeping thread were awake again.
  private static var leastWorthGathering: Duration { .milliseconds(1) }

  /// A wait for another process says nothing of the disk.
  private static var longestGathering: Duration { .milliseconds(10) }

  private let onConnection: @Sendable (@escaping @Sendable (Connection) -> Void) -> Void
  private let state = Mutex(State())
  private let allHaveCome = DispatchSemaphore(value: 0)

  /// - Parameter onConnection: runs the closure with the connection that writes, sometime and on a thread that may wait.
  init(_ onConnection: @escaping @Sendable (@escaping @Sendable (Connection) -> Void) -> Void) {
    self.onConnection = onConnection
  }

  /// Runs the closure; what it wrote is durable when this returns, and undone when it throws.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      submit(
        Job(
          run: { connection, isAlone in
            let outcome = Result { try isAlone ? body(connection) : connection.inSavepoint { try body(connection) } }
            return (
              outcome.failure,
              { failure in
                if case .success = outcome, let failure {
                  continuation.resume(throwing: failure)
                } else {
                  continuation.resume(with: outcome)
                }
              }
            )
          },
          abandon: { continuation.resume(throwing: $0) }))
    }
  }

  private func submit(_ job: Job) {
    let mustStart = state.withLock { state in
      state.waiting.append(job)
      if state.waiting.count == state.expected { allHaveCome.signal() }
      defer { state.isDraining = true }
      return !state.isDraining
    }
    guard mustStart else { return }
    onConnection { connection in
      while let group = self.nextGroup() {
        let wait = Self.commit(group, connection)
        if wait >= Self.leastWorthGathering { self.gather(group.count, for: min(wait / 2, Self.longestGathering)) }
      }
    }
  }

  /// Waits, at most so long, until those that have just been answered have come again beside those that wait already.
  private func gather(_ answered: Int, for time: Duration) {
    let mustWait = state.withLock { state in
      let expected = min(answered + state.waiting.count, Self.largestGroup)
      guard expected > 1, expected > state.waiting.count else { return false }
      state.expected = expected
      return true
    }
    guard mustWait else { return }
    let deadline = DispatchTime.now() + .nanoseconds(Int(time / .nanoseconds(1)))
    let hasTimedOut = allHaveCome.wait(timeout: deadline) == .timedOut
    let haveCome = state.withLock { state in
      defer { state.expected = .max }
      return state.waiting.count >= state.expected
    }
    // The last one came after the deadline: its signal must not end the next wait.
    if hasTimedOut, haveCome { allHaveCome.wait() }
  }

  /// nil when nobody waits; the next writer starts anew then.
  private func nextGroup() -> [Job]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isDraining = false
        return nil
      }
      let group = Array(state.waiting.prefix(Self.largestGroup))
      state.waiting.removeFirst(group.count)
      return group
    }
  }

  /// - Returns: how long it took to make durable what the writers had done.
  private static func commit(_ group: [Job], _ connection: Connection) -> Duration {
    var completions: [Completion] = []
    var done = ContinuousClock.now
    do {
      try connection.inTransaction {
        for job in group {
          let (failure, complete) = job.run(connection, group.count == 1)
          completions.append(complete)
          if group.count == 1, let failure { throw failure }
          // A full disk or a lost connection ends the whole transaction, not only the savepoint.
          guard connection.isInsideTransaction else { throw failure ?? StoreError.transactionEnded }
        }
        done = .now
      }
      let wait = done.duration(to: .now)
      for complete in completions { complete(nil) }
      return wait
    } catch {
      for complete in completions { complete(error) }
      for job in group.dropFirst(completions.count) { job.abandon(error) }
      return .zero
    }
  }
}

extension Result {
  fileprivate var failure: (any Error)? {
    guard case .failure(let error) = self else { return nil }
    return error
  }
}
