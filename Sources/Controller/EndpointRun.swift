import Endpoints
import Foundation
import Reconciliation

/// One endpoint's part of a run: keeps a window of requests full, while a single writer keeps the journal ahead of them
/// and the ledger behind.
struct EndpointRun {
  /// How many intents, or facts, are written at once: one wait for the disk for all.
  private static let block = 256

  private enum Event: Sendable {
    case finished(position: Int, ChangeWorker.Answer)
    case written(RunRecorder.Batch, intended: [Int], failure: (any Error)?)
  }

  private let plan: EndpointPlan
  private let worker: ChangeWorker
  private let storage: any LedgerStorage
  private let stop: StopSignal
  private let progress: Executor.Progress

  private var schedule: ExecutionSchedule
  private var recorder: RunRecorder
  /// Their intents are in the journal, so they may begin.
  private var cleared: ArraySlice<Int> = []
  private var running: Set<Int> = []
  private var isWriting = false
  /// What the ledger learns of each resource in this run: its id first of all.
  private var written: [ResourceKey: Ledger.Entry] = [:]
  private var failure: (any Error)?

  init(
    _ plan: EndpointPlan, worker: ChangeWorker, recorder: RunRecorder, storage: any LedgerStorage, stop: StopSignal,
    progress: @escaping Executor.Progress
  ) {
    self.plan = plan
    self.worker = worker
    self.recorder = recorder
    self.storage = storage
    self.stop = stop
    self.progress = progress
    schedule = ExecutionSchedule(plan.changes)
  }

  /// Works through the changes in their order, never more at once than the endpoint's limit.
  /// - Throws: what the storage threw, once the calls in flight have ended.
  mutating func work() async throws -> [Outcome] {
    await withTaskGroup(of: Event.self) { group in
      repeat {
        if stop.isRaised || failure != nil { cancelRest() }
        startWriting(in: &group)
        startCalls(in: &group)
        startWriting(in: &group)
      } while take(await group.next())
    }
    if let failure {
      // The storage may have come back: what was done is worth a last attempt, and the failure is told all the same.
      try? await recorder.take().write(to: storage, at: plan.endpoint)
      throw failure
    }
    schedule.abandon(.failed(reason: "its dependencies go in a circle"))
    return schedule.outcomes.compactMap { $0 }
  }

  // MARK: Beginning

  private mutating func startCalls(in group: inout TaskGroup<Event>) {
    let references = ReferenceResolution { [written] in written[$0]?.remoteID }
    while running.count < max(1, plan.limits.concurrency), let position = cleared.popFirst() {
      let change = plan.changes[position]
      do throws(ReferenceResolution.Failure) {
        let request = try references.resolve(change.request)
        running.insert(position)
        group.addTask { [worker, stop, earlier = written[change.key]] in
          await SendingPermit.$current.withValue(SendingPermit { !stop.isRaised }) {
            .finished(position: position, await worker.perform(request, for: change, after: earlier))
          }
        }
      } catch {
        settle(position, ChangeWorker.Answer(.failed(reason: error.reason)))
      }
    }
  }

  /// Writes the intents of the next block when the last one is half used, and the facts that wait.
  private mutating func startWriting(in group: inout TaskGroup<Event>) {
    guard !isWriting, failure == nil else { return }
    let intended = cleared.count < Self.block / 2 ? schedule.takeReady(atMost: Self.block) : []
    let isLast = running.isEmpty && cleared.isEmpty && recorder.waiting > 0
    guard !intended.isEmpty || recorder.waiting >= Self.block || isLast else { return }
    for position in intended { recorder.intend(plan.changes[position]) }
    isWriting = true
    group.addTask { [storage, endpoint = plan.endpoint, batch = recorder.take()] in
      do {
        try await batch.write(to: storage, at: endpoint)
        return .written(batch, intended: intended, failure: nil)
      } catch {
        return .written(batch, intended: intended, failure: error)
      }
    }
  }

  // MARK: Ending

  /// - Returns: whether there is anything left to wait for.
  private mutating func take(_ event: Event?) -> Bool {
    switch event {
    case nil: return false
    case .finished(let position, let answer):
      running.remove(position)
      settle(position, answer)
    case .written(_, let intended, failure: nil):
      isWriting = false
      cleared += intended
    case .written(let batch, _, let error?):
      isWriting = false
      failure = error
      recorder.keep(batch)
    }
    return true
  }

  private mutating func settle(_ position: Int, _ answer: ChangeWorker.Answer) {
    let change = plan.changes[position]
    schedule.finish(position, answer.outcome)
    if let entry = answer.entry { written[change.key] = entry }
    if answer.isCertain { recorder.note(change, answer.outcome, entry: answer.entry) }
    progress(plan.endpoint, schedule.finishedCount, plan.changes.count)
  }

  /// Begins nothing new; what has an intent in the journal gets its fact.
  private mutating func cancelRest() {
    schedule.abandon(.cancelled, except: running)
    for position in cleared { recorder.note(plan.changes[position], .cancelled, entry: nil) }
    cleared = []
  }
}
