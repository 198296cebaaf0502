import Endpoints
import Foundation
import LocalDirectory
import Logging
import Reconciliation

/// The two kinds of work that a connector does: what events and retries ask for, and now and then everything.
struct ConnectorRounds: Sendable {
  /// What a piece of work comes to.
  struct Outcome: Sendable {
    var round: ProvisioningRound
    var wasPass = false
    /// Whether something happened that events do not tell one by one.
    var needsPass = false
  }

  let provisioner: Provisioner
  let routes: ProvisioningRoutes
  let surroundings: ProvisioningSurroundings

  private var connector: Connector { provisioner.connector }
  private var store: any ProvisioningStore { surroundings.store }

  // MARK: Events

  /// Delivers what events behind the cursor speak of, and what is due again; nil when there is nothing.
  func deliver(_ state: ConnectorState) async throws -> Outcome? {
    let cursor = state.cursor ?? 0
    let kept = try await store.deliveries(of: connector.name)
    let now = surroundings.now()
    let due = kept.filter { $0.state == .waiting && $0.dueAt <= now }.map { ResourceKey($0.type, $0.id) }
    let events = try await surroundings.directory.events(after: cursor, limit: Directory.eventsAtOnce)
    guard !due.isEmpty || !events.isEmpty else { return nil }

    var reading = OutboxReading(connector: connector, routes: routes)
    reading.read(events)
    let passwords = try await sealedPasswords()
    let linked = try await store.links(of: connector.name, to: reading.followed.map(\.name))
    let keys = reading.keys.union(due).union(linked.map { ResourceKey($0.type, $0.id) })
    var round = ProvisioningRound(state: state)
    round.state.cursor = events.last?.sequence ?? cursor
    round.state.failure = nil
    round.exempted = reading.exempted.sorted()
    round.included = reading.included.sorted()
    let result = keys.isEmpty ? nil : try await result { try await provisioner.provision(keys) }
    let looked = Set(keys.union(reading.followed).lazy.filter { $0.kind == "User" }.map(\.name))
    settle(result, &round, before: state, kept, asked: keys, passwords.filter { looked.contains($0.key) })
    return Outcome(round: round, needsPass: try await movesGroups(reading.movedMembers))
  }

  /// Whether groups came to groups or roles or left them, so that it concerns whoever is in them.
  private func movesGroups(_ members: Set<String>) async throws -> Bool {
    guard !members.isEmpty else { return false }
    return try await surroundings.directory.summaries(of: members.sorted()).contains { $0.type == "Group" }
  }

  private func sealedPasswords() async throws -> [String: String] {
    connector.provisionsPasswords ? try await store.sealedPasswords(for: connector.name) : [:]
  }

  // MARK: Everything

  /// Compares everything and repairs what events missed. The first one takes in whatever the directory holds.
  func pass(_ state: ConnectorState) async throws -> Outcome {
    let start = try await surroundings.directory.lastEvent()
    var round = ProvisioningRound(state: state)
    var newcomers = routes.resident.contains(connector.name) ? Newcomers.all : .only([])
    if state.cursor == nil, !routes.clients.isEmpty {
      let history = try await history(upTo: start)
      round.exempted = history.exempted.sorted()
      if case .only = newcomers { newcomers = .only(history.included) }
      guard
        try await store.record(
          ProvisioningRound(exempting: round.exempted, state), by: surroundings.owner,
          now: surroundings.now())
      else { return Outcome(round: round) }
    }
    let kept = try await store.deliveries(of: connector.name)
    let passwords = try await sealedPasswords()
    let cursor = min(state.cursor ?? start, start)
    round.state.cursor = cursor
    round.state.failure = nil
    do {
      let result = try await result { try await provisioner.provisionAll(newcomers, after: cursor) }
      // Those of newcomers who are left to their events go along with them.
      let due = passwords.filter { !result.awaited.contains(ResourceKey("User", $0.key)) }
      settle(result, &round, before: state, kept, asked: [], due)
      if round.state.failure == nil { log(result) }
    } catch let held as PassHeldBack {
      surroundings.logger.error(
        "a full pass is held back", metadata: ["connector": "\(connector.name)", "because": "\(held)"])
    }
    if round.state.failure == nil { round.state.passedAt = Timestamp.truncated(surroundings.now()) }
    return Outcome(round: round, wasPass: round.state.failure == nil)
  }

  /// What came in before the connector began: by applications that provision elsewhere, and by those that do here.
  private func history(upTo end: Int) async throws -> OutboxReading {
    var reading = OutboxReading(connector: connector, routes: routes)
    try await surroundings.directory.readEvents(after: 0, upTo: end) { reading.read($0) }
    return reading
  }

  // MARK: What comes of it

  /// An endpoint that nothing can be done at is a result too.
  private func result(of work: () async throws -> ProvisioningResult) async throws -> ProvisioningResult {
    do {
      return try await work()
    } catch let error as EndpointError {
      if error.kind == .cancelled { throw CancellationError() }
      var result = ProvisioningResult(ProvisioningWork())
      result.fatal = error
      return result
    }
  }

  /// Writes down what became of the resources. When the endpoint failed as a whole, the events are read again.
  private func settle(
    _ result: ProvisioningResult?, _ round: inout ProvisioningRound, before: ConnectorState, _ kept: [Delivery],
    asked: Set<ResourceKey>, _ passwords: [String: String]
  ) {
    let earlier = Dictionary(kept.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let now = surroundings.now()
    round.links = result?.links.values.sorted { $0.id < $1.id } ?? []
    round.unlinked = result?.unlinked.map(\.name).sorted() ?? []
    for (key, outcome) in result?.outcomes.sorted(by: { $0.key < $1.key }) ?? [] {
      let delivery = surroundings.policy.delivery(
        of: key, by: connector.name, outcome, after: earlier[key.name], isAskedFor: asked.contains(key), now: now,
        random: surroundings.random())
      if let delivery {
        round.failures.append(delivery)
        log(delivery)
      } else if earlier[key.name] != nil {
        round.settled.append(key.name)
      }
    }
    if let fatal = result?.fatal {
      round.state = before
      guard fatal.kind != .cancelled else { return spend(passwords, result, &round) }
      round.state.failure = surroundings.policy.failure(
        fatal, after: before.failure, now: now, random: surroundings.random())
      log(fatal)
    }
    spend(passwords, result, &round)
  }

  /// Erases the passwords that are there, or that nobody there waits for.
  private func spend(
    _ passwords: [String: String], _ result: ProvisioningResult?, _ round: inout ProvisioningRound
  ) {
    let failed = Set(round.failures.map(\.id))
    round.spentPasswords = passwords.filter { id, _ in
      result?.fatal == nil ? !failed.contains(id) : result?.outcomes[ResourceKey("User", id)] == .delivered
    }
  }

  private func log(_ result: ProvisioningResult) {
    surroundings.logger.info(
      "full pass",
      metadata: [
        "connector": "\(connector.name)", "resources": .stringConvertible(result.outcomes.count),
        "changes": .stringConvertible(result.changes),
      ])
  }

  private func log(_ delivery: Delivery) {
    surroundings.logger.log(
      level: delivery.state == .dead ? .error : .warning, "not provisioned",
      metadata: [
        "connector": "\(connector.name)", "resource": "\(delivery.type)/\(delivery.id)",
        "state": "\(delivery.state.rawValue)", "attempts": .stringConvertible(delivery.attempts),
        "because": "\(delivery.reason)",
      ])
  }

  private func log(_ failure: EndpointError) {
    surroundings.logger.warning(
      "cannot provision", metadata: ["connector": "\(connector.name)", "because": "\(failure.message)"])
  }
}

extension ProvisioningRound {
  /// What is left to others, before anything else is done.
  fileprivate init(exempting ids: [String], _ state: ConnectorState) {
    self.init(state: state)
    exempted = ids
  }

  /// A connector whose endpoint cannot even be opened.
  init(failing error: EndpointError, _ state: ConnectorState, _ surroundings: ProvisioningSurroundings) {
    self.init(state: state)
    self.state.failure = surroundings.policy.failure(
      error, after: state.failure, now: surroundings.now(), random: surroundings.random())
  }
}
