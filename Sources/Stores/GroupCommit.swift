import GRDB
import Synchronization

/// Lets concurrent writers share one transaction, each in a savepoint of its own: making a transaction durable costs a
/// wait for the disk, and one wait serves all that came while the last one lasted.
final class GroupCommit: Sendable {
  /// Tells the writer how it went; the error is that of the shared transaction.
  private typealias Completion = @Sendable ((any Error)?) -> Void

  private struct Job: Sendable {
    let run: @Sendable (Database) -> Completion
    let abandon: @Sendable (any Error) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var isDraining = false
  }

  /// The most writers of one transaction, so that the first does not wait for a crowd.
  private static let largestGroup = 256

  private let pool: DatabasePool
  private let state = Mutex(State())

  init(_ pool: DatabasePool) { self.pool = pool }

  /// Runs the closure; what it wrote is durable when this returns, and undone when it throws.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      submit(
        Job(
          run: { db in
            let outcome = Result { try Self.inSavepoint(db, body) }
            return { failure in
              if case .success = outcome, let failure {
                continuation.resume(throwing: failure)
              } else {
                continuation.resume(with: outcome)
              }
            }
          },
          abandon: { continuation.resume(throwing: $0) }))
    }
  }

  private static func inSavepoint<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
    var value: Value?
    try db.inSavepoint {
      value = try body(db)
      return .commit
    }
    guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return value
  }

  private func submit(_ job: Job) {
    let mustStart = state.withLock { state in
      state.waiting.append(job)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    guard mustStart else { return }
    pool.asyncWriteWithoutTransaction { db in
      while let group = self.nextGroup() { Self.commit(group, db) }
    }
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

  private static func commit(_ group: [Job], _ db: Database) {
    var completions: [Completion] = []
    do {
      try db.inTransaction(.immediate) {
        for job in group {
          completions.append(job.run(db))
          // A full disk or a failing one ends the whole transaction, not only the savepoint.
          guard db.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_IOERR) }
        }
        return .commit
      }
      for complete in completions { complete(nil) }
    } catch {
      for complete in completions { complete(error) }
      for job in group.dropFirst(completions.count) { job.abandon(error) }
    }
  }
}
