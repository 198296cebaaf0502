import Foundation
import JSON

/// The statuses of endpoints and the orders of operators in the state store, which all controllers share.
///
/// Each part of an order is a document of its own, so that two operators who ask for different things at once do not undo
/// each other's.
package struct EndpointRecords: Sendable {
  /// All of them, by endpoint.
  package struct Snapshot: Sendable {
    package var statuses: [String: EndpointStatus] = [:]
    package var orders: [String: EndpointOrder] = [:]

    package init() {}
  }

  private enum Part: String, CaseIterable { case suspension, approval, reconcileAfter }

  package let storage: any ConvergenceRecords

  package init(_ storage: any ConvergenceRecords) { self.storage = storage }

  package func snapshot() async throws -> Snapshot {
    var snapshot = Snapshot()
    snapshot.statuses = try await storage.statuses().compactMapValues(EndpointStatus.init)
    var documents: [String: JSONObject] = [:]
    for (key, document) in try await storage.orders() {
      let parts = key.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      documents[parts[1], default: [:]][parts[0]] = document[parts[0]]
    }
    snapshot.orders = documents.mapValues(EndpointOrder.init)
    return snapshot
  }

  package func save(_ status: EndpointStatus) async throws {
    try await storage.save(status: status.json, of: status.endpoint)
  }

  /// What the last pass at an endpoint was about to do; nil before the first.
  package func plan(of endpoint: String) async throws -> PlanRecord? {
    try await storage.plan(of: endpoint).flatMap(PlanRecord.init)
  }

  package func save(_ plan: PlanRecord) async throws { try await storage.save(plan: plan.json, of: plan.endpoint) }

  package func suspend(_ endpoint: String, _ suspension: EndpointOrder.Suspension) async throws {
    var decision = JournalDecision(.suspend, by: suspension.by, at: suspension.since, endpoint: endpoint)
    decision.reason = suspension.reason.isEmpty ? nil : suspension.reason
    try await note(decision)
    try await save(EndpointOrder(suspension: suspension), .suspension, of: endpoint)
  }

  package func resume(_ endpoint: String, by actor: String, at now: Date) async throws {
    try await note(JournalDecision(.resume, by: actor, at: now, endpoint: endpoint))
    try await remove(.suspension, of: endpoint)
  }

  package func approve(_ endpoint: String, _ approval: EndpointOrder.Approval) async throws {
    var decision = JournalDecision(.approve, by: approval.by, at: approval.at, endpoint: endpoint)
    decision.plan = approval.plan
    try await note(decision)
    try await save(EndpointOrder(approval: approval), .approval, of: endpoint)
  }

  package func approvalIsUsed(at endpoint: String) async throws { try await remove(.approval, of: endpoint) }

  /// Asks for a pass that begins after this moment.
  package func reconcile(_ endpoint: String, after moment: Date) async throws {
    try await save(EndpointOrder(reconcileAfter: moment), .reconcileAfter, of: endpoint)
  }

  /// Writes down what somebody decided, before it takes effect.
  package func note(_ decision: JournalDecision) async throws { try await storage.note([decision]) }

  private func save(_ order: EndpointOrder, _ part: Part, of endpoint: String) async throws {
    try await storage.save(order: order.json, of: "\(part.rawValue):\(endpoint)")
  }

  private func remove(_ part: Part, of endpoint: String) async throws {
    try await storage.removeOrder(of: "\(part.rawValue):\(endpoint)")
  }
}
