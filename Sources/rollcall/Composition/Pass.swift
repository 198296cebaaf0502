import Controller
import Endpoints
import Foundation
import Manifests
import Reconciliation
import Reports
import Stores

/// One pass of a command over the manifests: what `plan`, `apply` and `drift` have in common.
struct Pass {
  let workspace: Workspace
  let compilation: Compilation
  private(set) var options: Reconciler.Options
  private let declarations: [EndpointDeclaration]
  private let endpoints: [any Endpoint]
  private let failures: [Report.Unreachable]
  private let storage: any StateStorage
  private var ledgers: any LedgerStorage
  private var stop: StopSignal
  /// Whether the settings file asks to prune, for other manifests than these.
  private(set) var isPruneLeftOut = false
  /// The run that the pass takes back, leaving everything else alone; nil for one that brings about what the manifests say.
  private(set) var undone: PastRun?
  /// What is remembered of drift.
  let drift: DriftKeeper

  /// Opens the selected endpoints and the ledger. The manifests must be valid.
  init(
    _ workspace: Workspace, _ compilation: Compilation, _ manifests: ManifestOptions, _ selection: SelectionOptions,
    _ safety: SafetyOptions, _ state: StateOptions, endorsement: Endorsement = Endorsement(),
    undoing past: PastRun? = nil
  ) async throws {
    try await self.init(
      workspace, compilation.limiting(concurrency: try safety.parallelism(workspace.settings)),
      Self.options(workspace.settings, manifests, selection, safety, endorsement), state)
    isPruneLeftOut = try selection.isPruneLeftOut(workspace.settings, manifests)
    guard let past else { return }
    undone = past
    options.author = workspace.author(verb: "undo")
    options.author.undoes = past.run
    options.selection.targets = Set(past.changes.map(\.key))
  }

  init(
    _ workspace: Workspace, _ compilation: Compilation, _ options: Reconciler.Options, _ state: StateOptions
  ) async throws {
    self.workspace = workspace
    self.compilation = compilation
    var options = options
    options.author = workspace.author(verb: "apply")
    self.options = options
    storage = try workspace.state(state)
    ledgers = storage
    stop = workspace.signals.stop
    drift = DriftKeeper(storage, now: workspace.now)
    declarations = try Self.chosen(compilation.desiredState.endpoints, options.selection)
    try await Self.check(options.selection, compilation.desiredState, storage)
    var endpoints: [any Endpoint] = []
    var failures: [Report.Unreachable] = []
    for declaration in declarations {
      do throws(EndpointError) {
        endpoints.append(try await workspace.open(declaration))
      } catch {
        failures.append(.init(endpoint: declaration.name, message: error.message))
      }
    }
    self.endpoints = endpoints
    self.failures = failures
  }

  private var reconciler: Reconciler {
    Reconciler(
      endpoints: endpoints, storage: ledgers, secrets: workspace.secrets, stop: stop, now: workspace.now,
      progress: { [terminal = workspace.terminal] in terminal.progress("\($0): \($1) of \($2) changes") })
  }

  /// Runs the body with a pass that nobody else disturbs: from reading to the last write, the endpoints are leased.
  func leased<Answer>(_ options: LeaseOptions, _ body: (Pass) async throws -> Answer) async throws -> Answer {
    let author = self.options.author
    let keeper = try options.lease.keeper(workspace.settings, storage, holder: "\(author.actor) (\(author.verb))")
    let patience = try options.patience(workspace.settings)
    return try await keeper.holding(endpoints.map(\.name), waiting: patience, until: stop) { held in
      var pass = self
      pass.ledgers = held.storage
      pass.stop = held.stop
      return try await body(pass)
    }
  }

  /// Why the pass was told to stop, other than by a signal.
  var interruption: String? { stop.reason }

  /// Reads the endpoints; nothing but reads is sent.
  /// - Parameter isWhole: whether all is read of resources that no manifest speaks of, too.
  func evidence(
    isWhole: Bool = false
  ) async throws -> (evidence: Reconciler.Evidence, unreachable: [Report.Unreachable]) {
    let evidence = try await reading {
      try await reconciler.evidence(for: compilation.desiredState, options, isWhole: isWhole)
    }
    return (evidence, unread(evidence.unreachable))
  }

  /// Reads the endpoints and plans; nothing but reads is sent.
  func survey() async throws -> (plan: Plan, unreachable: [Report.Unreachable]) {
    let desired = compilation.desiredState
    let survey = try await reading {
      guard let undone else { return try await reconciler.survey(desired, options) }
      return try await reconciler.survey(undoing: undone.changes.filter(\.isApplied), of: undone.run, desired)
    }
    return (survey.plan, unread(survey.unreachable))
  }

  /// Reads the endpoints and says so meanwhile.
  private func reading<Answer>(_ read: () async throws -> Answer) async throws -> Answer {
    workspace.terminal.progress("reading \(endpoints.map(\.name).joined(separator: ", ")) …")
    let answer = try await read()
    workspace.terminal.endProgress()
    return answer
  }

  /// With those that could not even be opened.
  private func unread(_ unreachable: [Reconciler.Unreachable]) -> [Report.Unreachable] {
    (failures + unreachable.map { Report.Unreachable(endpoint: $0.endpoint, message: $0.error.message) })
      .sorted { $0.endpoint < $1.endpoint }
  }

  /// What is not in the plan and should be known before it is carried out: what ends soon or has ended, of the endpoints
  /// that were opened and of the identity providers that the plan is about, and which endpoints are suspended.
  func warnings(_ plan: Plan) async throws -> [Diagnostic] {
    try await suspensionWarnings() + expiryWarnings(plan)
  }

  /// A suspended endpoint holds back the controller, not whoever says what is to be done.
  private func suspensionWarnings() async throws -> [Diagnostic] {
    let orders = try await EndpointRecords(storage).snapshot().orders
    return declarations.compactMap { declaration in
      orders[declaration.name]?.suspension.map { $0.diagnostic(at: declaration) }
    }
  }

  private func expiryWarnings(_ plan: Plan) async -> [Diagnostic] {
    guard !stop.isRaised else { return [] }
    let opened = Set(endpoints.map(\.name))
    let now = workspace.now()
    let findings = await workspace.expiries(
      of: declarations.filter { opened.contains($0.name) },
      plan.keepsIdentityProviders ? compilation.desiredState.identityProviders : [])
    return findings.filter { $0.urgency(at: now) != nil }.map { $0.diagnostic(at: now) }
  }

  /// Makes the changes, with the schemas kept before and, in a pass that prunes, forgotten after they were used.
  func carryOut(_ plan: Plan) async throws -> Reconciler.Result {
    for declaration in declarations { try await workspace.keepSchemas(for: declaration) }
    let result = try await reconciler.carryOut(plan, options, run: workspace.newRun())
    workspace.terminal.endProgress()
    if options.prune {
      for declaration in declarations { try await workspace.forgetSchemas(for: declaration) }
    }
    return result
  }

  /// What the guardrails say, without doing anything.
  func objections(to plan: Plan) -> [Objection] {
    if case .refused(let objections) = review(plan, with: options.guardrails) { objections } else { [] }
  }

  /// Runs the body and lets go of the endpoints afterwards, whatever came of it.
  func closing<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
    let answer: Result<Answer, any Error>
    do { answer = .success(try await body()) } catch { answer = .failure(error) }
    for endpoint in endpoints { await endpoint.close() }
    return try answer.get()
  }
}

extension Compilation {
  /// The same manifests with another number of requests in flight at every endpoint.
  func limiting(concurrency: Int?) -> Compilation {
    guard let concurrency else { return self }
    var limited = self
    for index in limited.desiredState.endpoints.indices {
      limited.desiredState.endpoints[index].limits.concurrency = concurrency
    }
    return limited
  }
}
