import Endpoints
import Foundation
import JSON
import Reconciliation
import SCIM

/// Carries out an approved plan: every endpoint side by side, at each a bounded window of changes in their order.
package struct Executor: Sendable {
  /// Called as changes finish, from any task: how many of how many at this endpoint.
  package typealias Progress = @Sendable (_ endpoint: String, _ finished: Int, _ total: Int) -> Void

  private let endpoints: [String: any Endpoint]
  private let storage: any LedgerStorage
  private let secrets: SecretResolver
  let stop: StopSignal
  private let now: @Sendable () -> Date
  let progress: Progress

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

  /// Applies the plan under this run's name. A refused change is an outcome; only a broken ledger throws.
  package func apply(_ approved: ApprovedPlan, run: String) async throws -> RunSummary {
    let start = now()
    let digester = SecretDigester(key: try await storage.digestKey())
    let summaries = try await withThrowingTaskGroup(of: EndpointSummary.self) { group in
      for plan in approved.plan.endpoints {
        group.addTask { try await self.apply(plan, run: run, digester: digester) }
      }
      return try await group.reduce(into: [EndpointSummary]()) { $0.append($1) }
    }
    return RunSummary(
      run: run, endpoints: summaries.sorted { $0.endpoint < $1.endpoint }, duration: now().timeIntervalSince(start))
  }

  private func apply(_ plan: EndpointPlan, run: String, digester: SecretDigester) async throws -> EndpointSummary {
    try await storage.save(plan.adoptions, at: plan.endpoint)
    try await storage.forget(plan.forgotten, at: plan.endpoint)
    guard !plan.changes.isEmpty, let endpoint = endpoints[plan.endpoint] else {
      return EndpointSummary(endpoint: plan.endpoint, results: [])
    }
    let recorder = RunRecorder(run: run, endpoint: plan.endpoint, storage: storage, now: now)
    let outcomes: [Outcome]
    do {
      let worker = ChangeWorker(
        endpoint: endpoint, catalog: try await endpoint.capabilities().catalog, secrets: secrets, digester: digester,
        now: now)
      outcomes = try await work(through: plan, with: worker, recordingIn: recorder)
    } catch let error as EndpointError {
      outcomes = plan.changes.map { _ in .failed(reason: error.message) }
    }
    return EndpointSummary(
      endpoint: plan.endpoint, results: zip(plan.changes, outcomes).map { .init(change: $0, outcome: $1) })
  }
}
