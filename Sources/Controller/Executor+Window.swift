import Endpoints
import Foundation
import Reconciliation

extension Executor {
  private typealias Finished = (position: Int, outcome: Outcome)

  /// How many changes are written into the journal at once, ahead of their requests: one wait for the disk for all.
  private static var block: Int { 256 }

  /// Works through the changes in their order, never more at once than the endpoint's limit.
  func work(
    through plan: EndpointPlan, with worker: ChangeWorker, recordingIn recorder: RunRecorder
  ) async throws -> [Outcome] {
    let changes = plan.changes
    var schedule = ExecutionSchedule(changes)
    var intended: ArraySlice<Int> = []
    var running: Set<Int> = []
    var ids: [ResourceKey: String] = [:]
    var finished = 0

    try await withThrowingTaskGroup(of: Finished.self) { group in
      while !schedule.isFinished {
        if stop.isRaised {
          schedule.abandon(.cancelled, except: running)
          for position in intended { try await recorder.note(changes[position], .cancelled, entry: nil) }
          intended = []
        }
        if intended.isEmpty {
          intended = schedule.takeReady(atMost: Self.block)[...]
          if !intended.isEmpty { try await recorder.intend(intended.map { changes[$0] }) }
        }
        while running.count < max(1, plan.limits.concurrency), let position = intended.popFirst() {
          running.insert(position)
          start(changes[position], at: position, ids: ids, in: &group, with: worker, recordingIn: recorder)
        }
        guard let done = try await group.next() else { continue }
        running.remove(done.position)
        schedule.finish(done.position, done.outcome)
        if let id = done.outcome.remoteID { ids[changes[done.position].key] = id }
        finished += 1
        progress(plan.endpoint, finished, changes.count)
      }
    }
    try await recorder.flush()
    return schedule.outcomes.map { $0 ?? .cancelled }
  }

  private func start(
    _ change: Change, at position: Int, ids: [ResourceKey: String],
    in group: inout ThrowingTaskGroup<Finished, any Error>, with worker: ChangeWorker,
    recordingIn recorder: RunRecorder
  ) {
    do throws(ReferenceResolution.Failure) {
      let request = try ReferenceResolution(ids: ids).resolve(change.request)
      group.addTask {
        let (outcome, entry) = await worker.perform(request, for: change)
        try await recorder.note(change, outcome, entry: entry)
        return (position, outcome)
      }
    } catch {
      let outcome = Outcome.failed(reason: error.reason)
      group.addTask {
        try await recorder.note(change, outcome, entry: nil)
        return (position, outcome)
      }
    }
  }
}
