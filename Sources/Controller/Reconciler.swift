import Endpoints
import Foundation
import Reconciliation

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
  private let reading: EndpointsReading
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
    reading = EndpointsReading(endpoints: Array(self.endpoints.values), observer: Observer(stop: stop, now: now))
    executor = Executor(
      endpoints: self.endpoints, storage: storage, secrets: secrets, stop: stop, now: now, progress: progress)
  }

  /// All that a plan is made of.
  package struct Evidence: Sendable {
    package var planner: Planner
    package var observations: [Observation]
    /// By endpoint.
    package var owned: [String: Ledger]
    package var unreachable: [Unreachable]

    /// The plan for what these manifests ask for.
    package func plan(of desired: DesiredState) -> Plan { planner.plan(desired, against: observations, owned: owned) }
  }

  /// Reads every endpoint and plans. Sends nothing but reads.
  package func survey(_ desired: DesiredState, _ options: Options) async throws -> Survey {
    let evidence = try await evidence(for: desired, options)
    return Survey(plan: evidence.plan(of: desired), unreachable: evidence.unreachable)
  }

  /// Reads every endpoint.
  /// - Parameter isWhole: whether all is read of resources that no manifest speaks of, too.
  package func evidence(
    for desired: DesiredState, _ options: Options, isWhole: Bool = false
  ) async throws -> Evidence {
    let owned = try await ledgers()
    let (observations, unreachable) = await observe(
      desired, owned: owned,
      isWhole ? nil : InterestSurvey(prune: options.prune, selection: options.selection))
    let digests = try await rotatedDigests(desired)
    let planner = Planner(
      now: now(), prune: options.prune, secretDigest: { digests[$0] }, selection: options.selection)
    return Evidence(planner: planner, observations: observations, owned: owned, unreachable: unreachable)
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

  /// The kinds that the manifests and the ledger speak of, and all without a survey.
  private func observe(
    _ desired: DesiredState, owned: [String: Ledger], _ survey: InterestSurvey?
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    let ledger = { @Sendable (endpoint: String) in owned[endpoint] ?? Ledger() }
    return await reading.observations { endpoint in
      guard survey != nil else { return nil }
      return desired.kinds(at: endpoint).union(ledger(endpoint).entries.keys.map(\.kind))
    } interests: { endpoint, capabilities in
      survey?.interests(in: desired, at: endpoint, capabilities, owned: ledger(endpoint)) ?? [:]
    }
  }

  /// All that is there of these kinds.
  func observe(
    kinds: @escaping @Sendable (_ endpoint: String) -> Set<String>
  ) async -> (observations: [Observation], unreachable: [Unreachable]) {
    await reading.observations(of: kinds)
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
