import Endpoints
import Foundation
import LocalDirectory
import Logging
import Reconciliation
import SCIM
import ServiceLifecycle
import Synchronization

/// Outbound provisioning: what is committed to the directory goes on to the connectors that identity and service
/// providers name. Runs until its service group shuts down; what is not delivered then is when it runs again.
package final class OutboundProvisioning: Service {
  /// How often the settings are read in case another process changed them; what this one changes counts at once.
  private static let settingsInterval = Duration.seconds(2)

  let surroundings: ProvisioningSurroundings
  /// For applications of which nothing is kept here.
  let endpoints: OpenEndpoints
  private let settings = Mutex(ProvisioningSettings())
  /// Whether the settings were ever read.
  private let areKnown = Mutex(false)
  /// Why the settings could not be read when last tried; nil when they could.
  private let unreadable = Mutex<String?>(nil)
  /// One for each connector that has ever been in use here.
  private let bells = Mutex<[String: Bell]>([:])
  private let running = Mutex<Set<String>>([])
  private let changed = Bell()
  /// The connectors that passwords were last kept for; nil before the first time.
  private let passwordConnectors = Mutex<Set<String>?>(nil)

  package init(_ surroundings: ProvisioningSurroundings) {
    self.surroundings = surroundings
    endpoints = OpenEndpoints(surroundings.open)
  }

  package func run() async {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        while !Task.isCancelled {
          await self.refresh()
          await self.measure()
          for name in self.idleConnectors() { group.addTask { await self.work(for: name) } }
          await self.changed.wait(atMost: Self.settingsInterval)
        }
      }
    }
    await endpoints.closeAll()
    await releaseLeases()
  }

  /// So that another server need not wait until they end. Where the store is away, it has to, and that is no reason not to
  /// end well.
  private func releaseLeases() async {
    do {
      try await surroundings.store.releaseLeases(of: surroundings.owner)
    } catch {
      surroundings.logger.warning("connectors not handed over, others take them later", metadata: ["error": "\(error)"])
    }
  }

  /// Where the requests of a client are carried out of which nothing is kept here; nil for all other clients.
  /// - Throws: when the settings were never read and cannot be: then nobody knows.
  func proxyConnectors(ofClient id: String) async throws -> [Connector]? {
    if !areKnown.withLock({ $0 }) { try await load() }
    return settings.withLock { $0.proxies[id] }
  }

  /// Makes deliveries due at once, dead ones too.
  /// - Parameter id: one resource; nil: all of the connector.
  /// - Returns: how many there were.
  func retry(_ connector: String, id: String?) async throws -> Int {
    let count = try await surroundings.store.retryDeliveries(of: connector, id: id, now: surroundings.now())
    bell(of: connector).ring(isUrgent: id == nil)
    return count
  }

  /// Reads the settings anew.
  func refresh() async {
    do {
      try await load()
      unreadable.withLock { $0 = nil }
    } catch {
      // Read every few seconds: what goes on is said once.
      let reason = "\(error)"
      let isKnown = unreadable.withLock { last in
        defer { last = reason }
        return last == reason
      }
      if !isKnown { surroundings.logger.error("the connectors cannot be read", metadata: ["error": "\(reason)"]) }
    }
  }

  private func load() async throws {
    let new = try await surroundings.directory.provisioningSettings(endpoints: surroundings.endpoints)
    let old = settings.withLock { settings in
      defer { settings = new }
      return settings
    }
    areKnown.withLock { $0 = true }
    for problem in new.problems where !old.problems.contains(problem) {
      surroundings.logger.error("outbound provisioning is not as configured", metadata: ["because": "\(problem)"])
    }
    try await erasePasswords(exceptFor: Set(new.connectors.values.filter(\.provisionsPasswords).map(\.name)))
    if Set(new.connectors.keys) != Set(old.connectors.keys) { changed.ring() }
  }

  private func erasePasswords(exceptFor connectors: Set<String>) async throws {
    guard passwordConnectors.withLock({ $0 != connectors }) else { return }
    try await surroundings.store.forgetPasswords(exceptFor: connectors)
    passwordConnectors.withLock { $0 = connectors }
  }

  /// How every connector that ever worked is doing, by name.
  func statuses() async throws -> [ConnectorStatus] {
    try await surroundings.directory.connectorStatuses(in: surroundings.store)
  }

  /// The names of the connectors in use, and what is asked for and cannot be done, as the settings were last read.
  var configured: (connectors: [String], problems: [String]) {
    settings.withLock { ($0.connectors.keys.sorted(), $0.problems) }
  }

  private func measure() async {
    guard let statuses = try? await statuses() else { return }
    for status in statuses { surroundings.metrics.measure(status) }
  }

  /// Takes note of the connectors in use that nobody works for.
  private func idleConnectors() -> [String] {
    let names = Set(settings.withLock { $0.connectors.keys })
    return running.withLock { running in
      let idle = names.subtracting(running)
      running.formUnion(idle)
      return idle.sorted()
    }
  }

  private func work(for name: String) async {
    let bell = bell(of: name)
    let worker = ConnectorWorker(name, surroundings, bell: bell) { self.settings.withLock { $0 } }
    await worker.run()
    running.withLock { _ = $0.remove(name) }
    changed.ring()
  }

  private func bell(of name: String) -> Bell {
    bells.withLock { bells in
      let bell = bells[name] ?? Bell()
      bells[name] = bell
      return bell
    }
  }
}

extension OutboundProvisioning: CommitObserver {
  package func committed(_ write: CommittedWrite) async throws {
    if ["IdentityProvider", "ServiceProvider"].contains(write.type) { await refresh() }
    let current = settings.withLock { $0 }
    guard !current.connectors.isEmpty else { return }
    let blocking = current.routes.connectors(for: write.author).compactMap { current.connectors[$0] }
      .filter { $0.isBlocking && $0.kinds.contains(write.type) }
    for name in current.connectors.keys { bell(of: name).ring(isUrgent: blocking.contains { $0.name == name }) }
    guard !blocking.isEmpty else { return }
    try await BlockingDelivery(write, surroundings).arrive(by: blocking.map(\.name).sorted())
  }
}
