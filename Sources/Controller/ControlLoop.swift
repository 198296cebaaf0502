import Endpoints
import Foundation
import Logging
import Manifests
import Reconciliation

/// Reconciles every endpoint at its interval until told to stop: the repetition of what `apply` does once.
///
/// Level-triggered: what waits in the queue is an endpoint's name, never an event; each pass reads everything anew.
package struct ControlLoop: Sendable {
  /// What the loop needs from outside.
  package struct Surroundings: Sendable {
    package var now: @Sendable () -> Date
    package var sleep: @Sendable (Duration) async -> Void
    /// Between 0 and 1: spreads the passes of many controllers.
    package var random: @Sendable () -> Double
    package var compile: @Sendable ([String]) async -> Compilation
    package var open: @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint
    package var newRun: @Sendable () -> String

    package init(
      now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async -> Void,
      random: @escaping @Sendable () -> Double, compile: @escaping @Sendable ([String]) async -> Compilation,
      open: @escaping @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint,
      newRun: @escaping @Sendable () -> String
    ) {
      self.now = now
      self.sleep = sleep
      self.random = random
      self.compile = compile
      self.open = open
      self.newRun = newRun
    }
  }

  let surroundings: Surroundings
  let storage: any LedgerStorage
  let secrets: SecretResolver
  let options: Reconciler.Options
  let stop: StopSignal
  let logger: Logger

  package init(
    surroundings: Surroundings, storage: any LedgerStorage, secrets: SecretResolver, options: Reconciler.Options,
    stop: StopSignal, logger: Logger
  ) {
    self.surroundings = surroundings
    self.storage = storage
    self.secrets = secrets
    self.options = options
    self.stop = stop
    self.logger = logger
  }

  private enum Event: Sendable {
    case tick
    case finished(endpoint: String, PassResult)
  }

  /// How often the loop looks whether files changed, an endpoint is due or it is to stop.
  private static let tick = Duration.seconds(1)

  /// Runs until the stop signal is raised and the passes under way have ended.
  package func run(paths: [String]) async {
    var manifests = WatchedManifests(paths: paths, compile: surroundings.compile)
    var state = LoopState()
    await withTaskGroup(of: Event.self) { group in
      group.addTask { await self.pause() }
      await reload(&manifests, into: &state)
      start(&state, in: &group)
      for await event in group {
        switch event {
        case .tick:
          guard !stop.isRaised else { break }
          await reload(&manifests, into: &state)
          group.addTask { await self.pause() }
        case .finished(let endpoint, let result):
          state.finish(endpoint, result, at: surroundings.now(), random: surroundings.random())
          log(result, of: endpoint)
        }
        start(&state, in: &group)
      }
    }
  }

  private func pause() async -> Event {
    await surroundings.sleep(Self.tick)
    return .tick
  }

  /// Takes new manifests in; faulty ones are reported and the last good state stays.
  private func reload(_ manifests: inout WatchedManifests, into state: inout LoopState) async {
    guard let compilation = await manifests.changed() else { return }
    for diagnostic in compilation.diagnostics {
      logger.log(
        level: diagnostic.severity == .error ? .error : .warning, "\(diagnostic.location): \(diagnostic.message)",
        metadata: ["code": "\(diagnostic.code)"])
    }
    guard compilation.isValid else {
      logger.error("the manifests are not valid: the last good state stays in force")
      return
    }
    var desired = compilation.desiredState
    if let selected = options.selection.endpoints { desired.endpoints.removeAll { !selected.contains($0.name) } }
    state.take(desired, at: surroundings.now())
    logger.info(
      "manifests read",
      metadata: [
        "resources": "\(desired.resources.count)",
        "endpoints": "\(desired.endpoints.count)",
      ])
  }

  private func start(_ state: inout LoopState, in group: inout TaskGroup<Event>) {
    while !stop.isRaised, let (declaration, desired) = state.next(at: surroundings.now()) {
      group.addTask { .finished(endpoint: declaration.name, await self.pass(at: declaration, desired)) }
    }
  }

  private func log(_ result: PassResult, of endpoint: String) {
    logger.log(level: result.level, "pass", metadata: result.metadata(endpoint: endpoint))
  }
}
