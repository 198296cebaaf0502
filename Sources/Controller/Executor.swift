import Endpoints
import Foundation
import Reconciliation
import SCIM

/// Carries out an approved plan: every endpoint side by side, at each a bounded window of changes in their order.
package struct Executor: Sendable {
  /// Called as changes finish, from any task: how many of how many at this endpoint.
  package typealias Progress = @Sendable (_ endpoint: String, _ finished: Int, _ total: Int) -> Void

  private let endpoints: [String: any Endpoint]
  private let storage: any LedgerStorage
  private let secrets: SecretResolver
  private let stop: StopSignal
  private let now: @Sendable () -> Date
  private let progress: Progress

  package init(
    endpoints: [String: any Endpoint], storage: any LedgerStorage, secrets: SecretResolver,
    stop: StopSignal = StopSignal(), now: @escaping @Sendable () -> Date,
    progress: @escaping Progress = { _, _, _ in }
  ) {
    self.endpoints = endpoints
    self.storage = storage
    self.secrets = secrets
    self.stop = stop
    self.now = now
    self.progress = progress
  }

  /// Applies the plan under this run's name. A refused change is an outcome.
  /// - Throws: what the ledger's storage threw, once every call in flight has ended at every endpoint.
  package func apply(_ approved: ApprovedPlan, run: String) async throws -> RunSummary {
    let start = now()
    let digester = SecretDigester(key: try await storage.digestKey())
    let results = await results(of: approved.plan, run: run, digester: digester)
    let summaries = try results.map { try $0.get() }.sorted { $0.endpoint < $1.endpoint }
    return RunSummary(run: run, endpoints: summaries, duration: now().timeIntervalSince(start))
  }

  private typealias Answer = Result<EndpointSummary, any Error>

  /// Every endpoint as soon as those that it depends on are done. Dependencies never go in a circle.
  ///
  /// A group that throws would cancel its other tasks, and a write that is cut off leaves nobody knowing whether it was
  /// done: so results are gathered first.
  private func results(of plan: Plan, run: String, digester: SecretDigester) async -> [Answer] {
    await withTaskGroup(of: (endpoint: String, Answer).self) { group in
      var waiting = plan.endpoints
      var open = Set(plan.endpoints.map(\.endpoint))
      var unfinished: Set<String> = []
      var answers: [Answer] = []
      repeat {
        let ready = waiting.filter { open.isDisjoint(with: $0.dependsOn) }
        waiting.removeAll { open.isDisjoint(with: $0.dependsOn) }
        for plan in ready {
          let obstacle = plan.dependsOn.first(where: unfinished.contains)
          group.addTask {
            if let obstacle { return (plan.endpoint, .success(plan.skipped(because: obstacle))) }
            return (plan.endpoint, await self.result(of: plan, run: run, digester: digester))
          }
        }
        guard let (endpoint, answer) = await group.next() else { break }
        open.remove(endpoint)
        if !answer.isComplete { unfinished.insert(endpoint) }
        answers.append(answer)
      } while !open.isEmpty
      return answers
    }
  }

  private func result(
    of plan: EndpointPlan, run: String, digester: SecretDigester
  ) async -> Answer {
    do {
      return .success(try await apply(plan, run: run, digester: digester))
    } catch {
      return .failure(error)
    }
  }

  private func apply(_ plan: EndpointPlan, run: String, digester: SecretDigester) async throws -> EndpointSummary {
    try await remember(plan)
    guard !plan.changes.isEmpty else { return EndpointSummary(endpoint: plan.endpoint, results: []) }
    let outcomes: [Outcome]
    switch await worker(at: plan.endpoint, digester: digester) {
    case .success(let worker):
      let deletes = plan.changes.contains { $0.action == .delete }
      let recorder = RunRecorder(
        run: run, endpoint: plan.endpoint, removed: deletes ? try await storage.ledger(of: plan.endpoint) : Ledger(),
        now: now)
      var endpointRun = EndpointRun(
        plan, worker: worker, recorder: recorder, storage: storage, stop: stop, progress: progress)
      outcomes = try await endpointRun.work()
    case .failure(let error):
      outcomes = plan.changes.map { _ in .failed(reason: error.message) }
    }
    return EndpointSummary(
      endpoint: plan.endpoint, results: zip(plan.changes, outcomes).map { .init(change: $0, outcome: $1) })
  }

  /// What only concerns the ledger: nothing is sent for it.
  private func remember(_ plan: EndpointPlan) async throws {
    var adoptions = plan.adoptions
    for index in adoptions.indices { adoptions[index].updatedAt = now() }
    if !adoptions.isEmpty { try await storage.save(adoptions, at: plan.endpoint) }
    if !plan.forgotten.isEmpty { try await storage.forget(plan.forgotten, at: plan.endpoint) }
  }

  private func worker(at name: String, digester: SecretDigester) async -> Result<ChangeWorker, EndpointError> {
    guard let endpoint = endpoints[name] else {
      return .failure(EndpointError(.misconfigured, "the endpoint \(name) is not open"))
    }
    do throws(EndpointError) {
      let catalog = try await endpoint.capabilities().catalog
      return .success(
        ChangeWorker(endpoint: endpoint, catalog: catalog, secrets: secrets, digester: digester, now: now))
    } catch {
      return .failure(error)
    }
  }
}

extension EndpointPlan {
  /// The summary of a plan that was not begun, because of another endpoint.
  fileprivate func skipped(because endpoint: String) -> EndpointSummary {
    EndpointSummary(
      endpoint: self.endpoint,
      results: changes.map { .init(change: $0, outcome: .skipped(because: ResourceKey("Endpoint", endpoint))) })
  }
}

extension Result<EndpointSummary, any Error> {
  /// Whether every change is in force now.
  fileprivate var isComplete: Bool {
    guard case .success(let summary) = self else { return false }
    return summary.results.allSatisfy(\.outcome.isApplied)
  }
}
