import Endpoints
import Foundation
import JSON
import LocalDirectory
import Logging
import Reconciliation

/// Works for one connector as long as it is in use: reads the outbox from its cursor, and brings what it finds to the
/// endpoint. Independent of all other connectors.
actor ConnectorWorker {
  private let name: String
  private let surroundings: ProvisioningSurroundings
  private let bell: Bell
  /// The settings as they are when a turn begins.
  private let settings: @Sendable () -> ProvisioningSettings

  private var state: ConnectorState?
  private var leaseEnd = Date.distantPast
  private var endpoint: (any Endpoint)?
  /// What was said of the connector when its endpoint was last opened.
  private var definition: JSONValue?
  /// Whether a full pass is due whatever the time.
  private var owesPass = false

  init(
    _ name: String, _ surroundings: ProvisioningSurroundings, bell: Bell,
    settings: @escaping @Sendable () -> ProvisioningSettings
  ) {
    self.name = name
    self.surroundings = surroundings
    self.bell = bell
    self.settings = settings
  }

  /// Works until the task is cancelled or the connector is no longer in use.
  func run() async {
    while !Task.isCancelled, let connector = settings().connectors[name] {
      let pause = await turn(of: connector)
      if pause > .zero { await bell.wait(atMost: pause) }
    }
    await closeEndpoint()
  }

  /// Does what is due.
  /// - Returns: how long to wait before looking again.
  private func turn(of connector: Connector) async -> Duration {
    let times = surroundings.times
    do {
      guard let state = try await leased() else { return times.poll }
      let now = surroundings.now()
      let isUrgent = bell.takeUrgency()
      if let failure = state.failure, failure.retryAt > now, !isUrgent {
        return min(.seconds(failure.retryAt.timeIntervalSince(now)), times.poll)
      }
      let didWork = try await Lease(name, surroundings).kept { try await self.work(for: connector, state) }
      return didWork ? .zero : times.poll
    } catch is CancellationError {
      return .zero
    } catch {
      surroundings.logger.error("provisioning cannot go on", metadata: ["connector": "\(name)", "error": "\(error)"])
      return times.poll
    }
  }

  /// How far the connector is; nil while another server works for it.
  private func leased() async throws -> ConnectorState? {
    let now = surroundings.now()
    if let state, leaseEnd.timeIntervalSince(now) > surroundings.times.lease / 2 { return state }
    let end = now.addingTimeInterval(surroundings.times.lease)
    state = try await surroundings.store.lease(name, to: surroundings.owner, until: end, now: now)
    leaseEnd = state == nil ? .distantPast : end
    return state
  }

  /// - Returns: whether there was anything to do.
  private func work(for connector: Connector, _ state: ConnectorState) async throws -> Bool {
    let provisioner: Provisioner
    do throws(EndpointError) {
      provisioner = try await self.provisioner(for: connector)
    } catch {
      try await record(ProvisioningRound(failing: error, state, surroundings))
      return false
    }
    let rounds = ConnectorRounds(provisioner: provisioner, routes: settings().routes, surroundings: surroundings)
    let outcome = isPassDue(state) ? try await rounds.pass(state) : try await rounds.deliver(state)
    guard let outcome else { return false }
    if outcome.wasPass { owesPass = false }
    if outcome.needsPass { owesPass = true }
    if outcome.round.state.failure != nil { await closeEndpoint() }
    try await record(outcome.round)
    return outcome.round.state.failure == nil
  }

  private func isPassDue(_ state: ConnectorState) -> Bool {
    guard state.cursor != nil, !owesPass, let last = state.passedAt else { return true }
    return surroundings.now().timeIntervalSince(last) >= surroundings.times.passInterval
  }

  private func record(_ round: ProvisioningRound) async throws {
    guard try await surroundings.store.record(round, by: surroundings.owner, now: surroundings.now()) else {
      surroundings.logger.notice("another server works for the connector now", metadata: ["connector": "\(name)"])
      state = nil
      return leaseEnd = .distantPast
    }
    surroundings.metrics.note(round)
    state = round.state
  }

  /// Over the endpoint that is open, unless the connector was changed: then everything is compared anew.
  private func provisioner(for connector: Connector) async throws(EndpointError) -> Provisioner {
    if let definition, definition != connector.definition {
      owesPass = true
      await closeEndpoint()
    }
    definition = connector.definition
    if let endpoint { return surroundings.provisioner(connector, endpoint) }
    let opened = try await surroundings.open(connector.declaration)
    endpoint = opened
    return surroundings.provisioner(connector, opened)
  }

  private func closeEndpoint() async {
    await endpoint?.close()
    endpoint = nil
  }
}
