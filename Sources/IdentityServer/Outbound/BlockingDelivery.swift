import Foundation
import LocalDirectory
import SCIM

/// Waits until connectors have dealt with a write, or says that they have not.
///
/// The write itself stays: it is committed before anything is provisioned, so that nothing is there which is not here.
/// What the caller learns is an error all the same, for it asked to be told (WSO2 Identity Server does so when
/// `fail_on_blocking_outbound_provision_failure` is set).
struct BlockingDelivery {
  private static let interval = Duration.milliseconds(15)

  private let write: CommittedWrite
  private let surroundings: ProvisioningSurroundings

  init(_ write: CommittedWrite, _ surroundings: ProvisioningSurroundings) {
    self.write = write
    self.surroundings = surroundings
  }

  /// - Throws: `SCIMError` 502 when a connector could not take the write.
  func arrive(by connectors: [String]) async throws {
    let sequence = try await surroundings.directory.lastEvent()
    let before = try await states()
    let deadline = ContinuousClock.now + surroundings.times.patience
    var missing = connectors
    while !missing.isEmpty {
      let states = try await states()
      for name in missing {
        if let failure = states[name]?.failure, failure != before[name]?.failure {
          throw refusal(name, failure.reason)
        }
        guard let cursor = states[name]?.cursor, cursor >= sequence else { continue }
        if let failed = try await surroundings.store.deliveries(of: name).first(where: { $0.id == write.id }) {
          throw refusal(name, failed.reason)
        }
        missing.removeAll { $0 == name }
      }
      guard let name = missing.first else { return }
      guard ContinuousClock.now < deadline else { throw refusal(name, "it did not answer in time") }
      try await Task.sleep(for: Self.interval)
    }
  }

  private func states() async throws -> [String: ConnectorState] {
    let states = try await surroundings.store.connectorStates()
    return Dictionary(states.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func refusal(_ connector: String, _ reason: String) -> SCIMError {
    SCIMError(
      status: 502, nil,
      "The \(write.type) \(write.id) is written here, but has not reached the connector \(connector): \(reason)."
        + " It stays in the queue and is tried again.")
  }
}
