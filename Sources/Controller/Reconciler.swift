import Endpoints
import Foundation
import Reconciliation
import SCIM

/// One pass: observe, plan, review, apply. Everything that decides is pure; everything that acts is injected.
///
/// `plan` and `drift` stop after the plan; `apply` goes on; the control loop repeats the whole.
package struct Reconciler: Sendable {
  /// What a pass may do, and who is to be named for it.
  package struct Options: Sendable {
    package var prune: Bool
    package var selection: Selection
    package var guardrails: [Guardrail]
    package var author: RunAuthor

    package init(
      prune: Bool = false, selection: Selection = Selection(), guardrails: [Guardrail] = Guardrail.standard(),
      author: RunAuthor = RunAuthor(verb: "apply", actor: "rollcall")
    ) {
      self.prune = prune
      self.selection = selection
      self.guardrails = guardrails
      self.author = author
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
  let now: @Sendable () -> Date

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
    let owned = try await ledgers()
    let (observations, unreachable) = await observe(
      desired, owned: owned, InterestSurvey(prune: options.prune, selection: options.selection))
    let digests = try await rotatedDigests(desired)
    let planner = Planner(
      now: now(), prune: options.prune, secretDigest: { digests[$0] }, selection: options.selection)
    return Survey(plan: planner.plan(desired, against: observations, owned: owned), unreachable: unreachable)
  }

  /// Reviews the plan and carries it out; what only concerns the ledger is remembered even when there is nothing to
  /// change.
  package func carryOut(_ plan: Plan, _ options: Options, run: String) async throws -> Result {
    switch review(plan, with: options.guardrails) {
    case .refused(let objections): return .refused(objections)
    case .approved(let approved):
      let open = try await openIntents(in: plan)
      let frame = RunFrame(run: run, author: options.author, storage: storage, now: now)
      let summary = try await frame.around(plan) { try await executor.apply(approved, run: run) }
      try await settle(open, with: plan, options, run: run)
      return plan.isEmpty ? .inSync : .applied(summary)
    }
  }

  // MARK: What earlier runs left

  func ledgers() async throws -> [String: Ledger] {
    var owned: [String: Ledger] = [:]
    for name in endpoints.keys { owned[name] = try await ledger(of: name) }
    return owned
  }

  /// The ledger, and what a run that died, or never got an answer, was about to create.
  private func ledger(of endpoint: String) async throws -> Ledger {
    var ledger = try await storage.ledger(of: endpoint)
    ledger.begun = Set(try await storage.openIntents(at: endpoint).filter { $0.action == .create }.map(\.key))
    return ledger
  }

  private func openIntents(in plan: Plan) async throws -> [String: [JournalRecord]] {
    var open: [String: [JournalRecord]] = [:]
    for endpoint in plan.endpoints {
      open[endpoint.endpoint] = try await storage.openIntents(at: endpoint.endpoint)
    }
    return open
  }

  /// Closes the intents of earlier runs that this pass has found out about.
  private func settle(
    _ open: [String: [JournalRecord]], with plan: Plan, _ options: Options, run: String
  ) async throws {
    let facts = plan.endpoints.flatMap { endpoint in
      endpoint.settled(open[endpoint.endpoint] ?? [], isWhole: options.selection.isWhole).map { intent in
        JournalRecord(
          run: run, time: now(), endpoint: intent.endpoint, key: intent.key, action: intent.action, phase: .fact,
          remoteID: intent.remoteID, outcome: "settled: run \(intent.run) left it open")
      }
    }
    if !facts.isEmpty { try await storage.append(facts) }
  }

  // MARK: Reading

  /// The digests of the secrets that are to follow their source, each read once.
  private func rotatedDigests(_ desired: DesiredState) async throws -> [SecretReference: String] {
    let references = Set(desired.resources.filter(\.rotatesSecrets).flatMap(\.secrets.values))
    guard !references.isEmpty else { return [:] }
    let digester = SecretDigester(key: try await storage.digestKey())
    var digests: [SecretReference: String] = [:]
    for reference in references {
      // What cannot be read now is not known to have changed.
      guard let secret = try? await secrets.value(of: reference) else { continue }
      digests[reference] = digester.digest(secret)
    }
    return digests
  }

  /// The kinds that the manifests and the ledger speak of.
  private func observe(
    _ desired: DesiredState, owned: [String: Ledger], _ survey: InterestSurvey
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    await observeAll { endpoint in
      let ledger = owned[endpoint.name] ?? Ledger()
      let kinds = desired.kinds(at: endpoint.name).union(ledger.entries.keys.map(\.kind))
      return await self.observe(endpoint, kinds: kinds) { capabilities in
        survey.interests(in: desired, at: endpoint.name, capabilities, owned: ledger)
      }
    }
  }

  /// All that is there of these kinds.
  func observe(
    kinds: @escaping @Sendable (_ endpoint: String) -> Set<String>
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    await observeAll { await self.observe($0, kinds: kinds($0.name)) { _ in [:] } }
  }

  /// All endpoints side by side.
  private func observeAll(
    _ observe: @escaping @Sendable (any Endpoint) async -> Swift.Result<Observation, Failure>
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    typealias Answer = Swift.Result<Observation, Failure>
    let answers = await withTaskGroup(of: Answer.self) { group in
      for endpoint in endpoints.values { group.addTask { await observe(endpoint) } }
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

  private func observe(
    _ endpoint: any Endpoint, kinds: Set<String>, interests: (Capabilities) -> [String: ListingInterest]
  ) async -> Swift.Result<Observation, Failure> {
    do throws(EndpointError) {
      return .success(try await observer.observe(endpoint, kinds: kinds, interests: interests))
    } catch {
      return .failure(Failure(unreachable: Unreachable(endpoint: endpoint.name, error: error)))
    }
  }
}

extension DesiredState {
  /// The kinds that are worth listing at an endpoint: those in its scope, else those that the manifests speak of; and
  /// those of their members, whose ids are needed to name them.
  fileprivate func kinds(at endpoint: String) -> Set<String> {
    guard let scope = endpoints.first(where: { $0.name == endpoint })?.scope.kinds else {
      return Set(resources.map(\.key.kind))
    }
    let members = resources.lazy.filter { scope.contains($0.key.kind) }.flatMap { $0.members?.references ?? [] }
    return scope.union(members.map(\.key.kind))
  }
}

extension Selection {
  /// Whether it leaves nothing out at the endpoints that it takes.
  fileprivate var isWhole: Bool { self == Selection(endpoints: endpoints) }
}

extension EndpointPlan {
  /// The open intents whose end is known now: the resource is in the ledger, or it is not there. A change of this run
  /// speaks for itself in the journal, and what was left out stays open.
  ///
  /// - Parameter isWhole: whether the pass looked at everything.
  func settled(_ open: [JournalRecord], isWhole: Bool) -> [JournalRecord] {
    guard !open.isEmpty else { return [] }
    let changed = Set(changes.map(\.key))
    let adopted = Set(adoptions.map(\.key))
    let withheld = Set(withheld.map(\.key))
    let complete = Set(reads.filter(\.completeness.isComplete).map(\.resourceType))
    return open.filter { intent in
      guard !changed.contains(intent.key) else { return false }
      return adopted.contains(intent.key)
        || (isWhole && complete.contains(intent.key.kind) && !withheld.contains(intent.key))
    }
  }
}
