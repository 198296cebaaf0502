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
    /// What of an endpoint, and of identity providers that it keeps, ends at a known moment.
    package var expiries: @Sendable (EndpointDeclaration, [DesiredResource]) async -> [ExpiryFinding]

    package init(
      now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async -> Void,
      random: @escaping @Sendable () -> Double,
      open: @escaping @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint,
      newRun: @escaping @Sendable () -> String,
      expiries: @escaping @Sendable (EndpointDeclaration, [DesiredResource]) async -> [ExpiryFinding]
    ) {
      self.now = now
      self.sleep = sleep
      self.random = random
      self.open = open
      self.newRun = newRun
      self.expiries = expiries
    }
  }

  let surroundings: Surroundings
  let leases: LeaseKeeper
  let records: EndpointRecords
  let secrets: SecretResolver
  let options: Reconciler.Options
  let stop: StopSignal
  let overview: ControllerOverview
  let logger: Logger
  /// Told what is found; nil tells nobody.
  package var notifier: Notifier?

  /// - Parameters:
  ///   - leases: of the state store, which all controllers of these endpoints share.
  ///   - records: what all controllers of these endpoints share.
  ///   - overview: told how the loop fares, for whoever asks.
  package init(
    surroundings: Surroundings, leases: LeaseKeeper, records: EndpointRecords, secrets: SecretResolver,
    options: Reconciler.Options, stop: StopSignal, overview: ControllerOverview, logger: Logger
  ) {
    self.surroundings = surroundings
    self.leases = leases
    self.records = records
    self.secrets = secrets
    self.options = options
    self.stop = stop
    self.overview = overview
    self.logger = logger
  }

  private enum Event: Sendable {
    case tick
    case refreshed
    case finished(LoopState.Work, PassEnd)
  }

  /// How often the loop looks whether manifests changed, an endpoint is due, an operator asked for something or it is to
  /// stop.
  private static let tick = Duration.seconds(1)

  /// Runs until the stop signal is raised and the passes under way have ended.
  package func run(_ manifests: ManifestIntake) async {
    var state = LoopState(controller: overview.controller, started: surroundings.now())
    var isRefreshing = true
    // A pass has ended; a moment later nobody holds anything of it any more.
    var holdsMemory = false
    await withTaskGroup(of: Event.self) { group in
      group.addTask { await self.pause() }
      group.addTask { await self.refresh(manifests) }
      await reload(manifests, into: &state)
      await start(&state, in: &group)
      for await event in group {
        switch event {
        case .tick:
          guard !stop.isRaised else { break }
          if holdsMemory, state.isIdle {
            IdleMemory.release()
            holdsMemory = false
          }
          await reload(manifests, into: &state)
          group.addTask { await self.pause() }
          if !isRefreshing { group.addTask { await self.refresh(manifests) } }
          isRefreshing = true
        case .refreshed: isRefreshing = false
        case .finished(let work, let end):
          holdsMemory = true
          await finish(work, end, in: &state)
        }
        await start(&state, in: &group)
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

  /// Takes in what changed outside: manifests, and what the other controllers and the operators wrote down.
  private func reload(_ manifests: ManifestIntake, into state: inout LoopState) async {
    await take(manifests, into: &state)
    do {
      state.take(try await records.snapshot(), at: surroundings.now())
      overview.stateIsReachable()
    } catch is CancellationError {
      // The loop is to end: the state is not to blame.
    } catch {
      if overview.stateIsLost() { logger.error("the state cannot be read", metadata: ["because": "\(error)"]) }
    }
  }

  /// Of manifests that are not let in, the reason is told, and the last good state stays.
  private func take(_ manifests: ManifestIntake, into state: inout LoopState) async {
    let event = await manifests.next()
    for diagnostic in event?.diagnostics ?? [] {
      logger.log(
        level: diagnostic.severity == .error ? .error : .warning, "\(diagnostic.location): \(diagnostic.message)",
        metadata: ["code": "\(diagnostic.code)"])
    }
    for news in await manifests.news() { logger.log(level: news.level, "\(news.message)", metadata: news.metadata) }
    let status = await manifests.status()
    overview.take(status)
    defer { notifier?.post(PassFindings(status, seenBy: overview.controller)) }
    guard case .admitted(let admission) = event else { return }
    var desired = admission.compilation.desiredState
    if let selected = options.selection.endpoints { desired.endpoints.removeAll { !selected.contains($0.name) } }
    notifier?.use(desired.notifications)
    state.take(desired, revision: admission.version.revision, at: surroundings.now())
  }

  private func start(_ state: inout LoopState, in group: inout TaskGroup<Event>) async {
    while !stop.isRaised, let work = state.next(at: surroundings.now()) {
      group.addTask { .finished(work, await self.pass(work)) }
    }
    for status in state.takeChanged() { await note(status) }
    overview.take(state.statuses, state.orders)
  }

  private func finish(_ work: LoopState.Work, _ end: PassEnd, in state: inout LoopState) async {
    let name = work.declaration.name
    state.finish(work, end, at: surroundings.now(), random: surroundings.random())
    overview.metrics.note(end, at: name)
    notifier?.post(PassFindings(end, at: name, now: surroundings.now()))
    logger.log(level: end.level, "pass", metadata: end.metadata(endpoint: name))
    if let record = end.record(at: surroundings.now()) { await note(record) }
    guard work.approval != nil, end.isConverged else { return }
    do { try await records.approvalIsUsed(at: name) } catch { complain(error) }
  }

  /// Writes a status down. Without it the loop goes on: what is lost is for people to read.
  func note(_ status: EndpointStatus) async {
    do { try await records.save(status) } catch { complain(error) }
  }

  private func note(_ plan: PlanRecord) async {
    do { try await records.save(plan) } catch { complain(error) }
  }

  func complain(_ error: any Error) {
    logger.error("the state cannot be written", metadata: ["because": "\(error)"])
  }
}
