import Foundation
import Reconciliation
import Synchronization

/// How the control loop fares, for whoever asks from another task: its API, its health and its metrics.
package final class ControllerOverview: Sendable {
  package struct Content: Sendable {
    /// By endpoint, in no order; with the orders of operators in them.
    package var statuses: [String: EndpointStatus] = [:]
    /// The manifests in force; nil until the loop has begun.
    package var source: SourceStatus?
    package var isStateReachable = true
  }

  /// The name under which this controller signs.
  package let controller: String
  let metrics: ControllerMetrics
  private let state = Mutex(Content())

  package init(controller: String) {
    self.controller = controller
    metrics = ControllerMetrics()
  }

  package var content: Content { state.withLock(\.self) }

  func take(_ statuses: [String: EndpointStatus], _ orders: [String: EndpointOrder]) {
    state.withLock { content in
      content.statuses = statuses.reduce(into: [:]) { $0[$1.key] = $1.value.following(orders[$1.key]) }
    }
  }

  func take(_ source: SourceStatus) { state.withLock { $0.source = source } }

  func stateIsReachable() { state.withLock { $0.isStateReachable = true } }

  /// - Returns: whether it was reachable before.
  func stateIsLost() -> Bool {
    state.withLock { content in
      defer { content.isStateReachable = false }
      return content.isStateReachable
    }
  }
}
