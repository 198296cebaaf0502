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
    package var open: @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint
    package var newRun: @Sendable () -> String

    package init(
      now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async -> Void,
      random: @escaping @Sendable () -> Double,
      open: @escaping @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint,
      newRun: @escaping @Sendable () -> String
    ) {
      self.now = now
      self.sleep = sleep
      self.random = random
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
    case refreshed
    case finished(endpoint: String, PassResult)
  }

  /// How often the loop looks whether files changed, an endpoint is due or it is to stop.
  private static let tick = Duration.seconds(1)

  /// Runs until the stop signal is raised and the passes under way have ended.
  package func run(_ manifests: ManifestIntake) async {
    var state = LoopState()
    var isRefreshing = true
    await withTaskGroup(of: Event.self) { group in
      group.addTask { await self.pause() }
      group.addTask { await self.refresh(manifests) }
      await reload(manifests, into: &state)
      start(&state, in: &group)
      for await event in group {
        switch event {
        case .tick:
          guard !stop.isRaised else { break }
          await reload(manifests, into: &state)
          group.addTask { await self.pause() }
          if !isRefreshing { group.addTask { await self.refresh(manifests) } }
          isRefreshing = true
        case .refreshed: isRefreshing = false
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

  /// Beside the ticks, for it may wait for a network.
  private func refresh(_ manifests: ManifestIntake) async -> Event {
    await manifests.refresh()
    return .refreshed
  }

  /// Takes new manifests in; of those that are not let in, the reason is told, and the last good state stays.
  private func reload(_ manifests: ManifestIntake, into state: inout LoopState) async {
    let event = await manifests.next()
    for diagnostic in event?.diagnostics ?? [] {
      logger.log(
        level: diagnostic.severity == .error ? .error : .warning, "\(diagnostic.location): \(diagnostic.message)",
        metadata: ["code": "\(diagnostic.code)"])
    }
    for news in await manifests.news() { logger.log(level: news.level, "\(news.message)", metadata: news.metadata) }
    guard case .admitted(let admission) = event else { return }
    var desired = admission.compilation.desiredState
    if let selected = options.selection.endpoints { desired.endpoints.removeAll { !selected.contains($0.name) } }
    state.take(desired, at: surroundings.now())
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
