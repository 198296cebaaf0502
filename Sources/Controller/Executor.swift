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
    // A group that throws would cancel its other tasks, and a write that is cut off leaves nobody knowing whether it
    // was done: so results are gathered first.
    let results = await withTaskGroup(of: Result<EndpointSummary, any Error>.self) { group in
      for plan in approved.plan.endpoints {
        group.addTask { await self.result(of: plan, run: run, digester: digester) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let summaries = try results.map { try $0.get() }.sorted { $0.endpoint < $1.endpoint }
    return RunSummary(run: run, endpoints: summaries, duration: now().timeIntervalSince(start))
  }

  private func result(
    of plan: EndpointPlan, run: String, digester: SecretDigester
  ) async -> Result<EndpointSummary, any Error> {
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
