import CoreMetrics
import LocalDirectory
import Prometheus
import Synchronization

/// What is counted of outbound provisioning. Connectors are an administrator's to name, and few.
struct ProvisioningMetrics: Sendable {
  private let registry: PrometheusRegistry

  init(_ registry: PrometheusRegistry) {
    self.registry = registry
    for (name, help) in Self.help { registry.describe(name, help) }
  }

  /// Counts what came of a round.
  func note(_ round: ProvisioningRound) {
    let connector = round.state.name
    count(round.links.count + round.unlinked.count, connector, "provisioned")
    count(round.failures.count { $0.state == .waiting }, connector, "failed")
    count(round.failures.count { $0.state == .dead }, connector, "dead")
    Meter(label: "rollcall_provisioning_up", dimensions: [("connector", connector)], factory: registry)
      .set(round.state.failure == nil ? 1 : 0)
  }

  /// Measures how much is yet to be done.
  func measure(_ connector: ConnectorStatus) {
    let name = [("connector", connector.state.name)]
    Meter(label: "rollcall_provisioning_events_behind", dimensions: name, factory: registry).set(connector.behind)
    for state in Delivery.State.allCases {
      Meter(
        label: "rollcall_provisioning_queue", dimensions: name + [("state", state.rawValue)], factory: registry
      ).set(connector.deliveries.count { $0.state == state })
    }
  }

  private func count(_ number: Int, _ connector: String, _ result: String) {
    guard number > 0 else { return }
    Counter(
      label: "rollcall_provisioning_resources_total", dimensions: [("connector", connector), ("result", result)],
      factory: registry
    ).increment(by: number)
  }

  private static let help = [
    "rollcall_provisioning_events_behind": "Events that a connector has yet to deal with.",
    "rollcall_provisioning_queue": "Resources that a connector could not deliver, by state.",
    "rollcall_provisioning_resources_total": "Resources that connectors dealt with, by result.",
    "rollcall_provisioning_up": "Whether a connector's endpoint can be worked with.",
  ]
}
