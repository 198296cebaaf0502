import Endpoints
import Foundation
import Reconciliation
import SCIM

/// One pass: observe, plan, review, apply. Everything that decides is pure; everything that acts is injected.
///
/// `plan` and `drift` stop after the plan; `apply` goes on; the control loop repeats the whole.
package struct Reconciler: Sendable {
  /// What a pass may do.
  package struct Options: Sendable {
    package var prune: Bool
    package var selection: Selection
    package var guardrails: [Guardrail]

    package init(prune: Bool = false, selection: Selection = Selection(), guardrails: [Guardrail] = Guardrail.standard()) {
      self.prune = prune
      self.selection = selection
      self.guardrails = guardrails
    }
  }

  /// A plan for the endpoints that could be read, and why the others could not.
  package struct Survey: Sendable {
    package var plan: Plan
    package var unreachable: [Unreachable]
  }

  package struct Unreachable: Sendable {
    package var endpoint: String
    package var error: EndpointError
  }

  /// What became of a pass.
  package enum Result: Sendable {
    case inSync
    case refused([Objection])
    case applied(RunSummary)
  }

  private let endpoints: [String: any Endpoint]
  private let observer: Observer
  private let executor: Executor
  private let storage: any LedgerStorage
  private let secrets: SecretResolver
  private let now: @Sendable () -> Date

  package init(
    endpoints: [any Endpoint], storage: any LedgerStorage, secrets: SecretResolver, stop: StopSignal = StopSignal(),
    now: @escaping @Sendable () -> Date, progress: @escaping Executor.Progress = { _, _, _ in }
  ) {
    self.endpoints = Dictionary(endpoints.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.storage = storage
    self.secrets = secrets
    self.now = now
    observer = Observer(stop: stop, now: now)
    executor = Executor(
      endpoints: self.endpoints, storage: storage, secrets: secrets, stop: stop, now: now, progress: progress)
  }

  /// Reads every endpoint and plans. Sends nothing but reads.
  package func survey(_ desired: DesiredState, _ options: Options) async throws -> Survey {
    var owned: [String: Ledger] = [:]
    for name in endpoints.keys { owned[name] = try await storage.ledger(of: name) }
    let (observations, unreachable) = await observe(desired, owned: owned)
    let digester = SecretDigester(key: try await storage.digestKey())
    let planner = Planner(
      now: now(), prune: options.prune,
      secretDigest: { [secrets] in (try? secrets.resolve($0)).map(digester.digest) },
      selection: options.selection)
    return Survey(plan: planner.plan(desired, against: observations, owned: owned), unreachable: unreachable)
  }

  /// Reviews the plan and carries it out; what only concerns the ledger is remembered even when there is nothing to change.
  package func carryOut(_ plan: Plan, _ options: Options, run: String) async throws -> Result {
    switch review(plan, with: options.guardrails) {
    case .refused(let objections): return .refused(objections)
    case .approved(let approved):
      let summary = try await executor.apply(approved, run: run)
      return plan.isEmpty ? .inSync : .applied(summary)
    }
  }

  /// All endpoints side by side; the kinds that the manifests and the ledger speak of.
  private func observe(
    _ desired: DesiredState, owned: [String: Ledger]
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    typealias Answer = Swift.Result<Observation, Failure>
    let answers = await withTaskGroup(of: Answer.self) { group in
      for (name, endpoint) in endpoints {
        let kinds = desired.kinds(at: name).union(owned[name]?.entries.keys.map(\.kind) ?? [])
        group.addTask { await self.observe(endpoint, kinds: kinds) }
      }
      return await group.reduce(into: [Answer]()) { $0.append($1) }
    }
    var observations: [Observation] = []
    var unreachable: [Unreachable] = []
    for answer in answers {
      switch answer {
      case .success(let observation): observations.append(observation)
      case .failure(let failure): unreachable.append(failure.unreachable)
      }
    }
    return (observations.sorted { $0.endpoint < $1.endpoint }, unreachable.sorted { $0.endpoint < $1.endpoint })
  }

  private struct Failure: Error {
    let unreachable: Unreachable
  }

  private func observe(_ endpoint: any Endpoint, kinds: Set<String>) async -> Swift.Result<Observation, Failure> {
    do throws(EndpointError) {
      return .success(try await observer.observe(endpoint, kinds: kinds))
    } catch {
      return .failure(Failure(unreachable: Unreachable(endpoint: endpoint.name, error: error)))
    }
  }
}

extension DesiredState {
  /// The kinds that are worth listing at an endpoint: those in its scope, else those that the manifests speak of.
  fileprivate func kinds(at endpoint: String) -> Set<String> {
    endpoints.first { $0.name == endpoint }?.scope.kinds ?? Set(resources.map(\.key.kind))
  }
}
