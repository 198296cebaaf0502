import Foundation
import Reconciliation

/// Carries out what operators ask of a controller. Whatever it does stands in the state store, so that every controller of
/// these endpoints knows of it.
package struct Operations: Sendable {
  /// Why a call cannot be carried out; one sentence, and what helps.
  package struct Refusal: Error, Hashable, Sendable {
    package enum Kind: Sendable { case unknownEndpoint, nothingToApprove, otherPlan, unavailable }

    package var kind: Kind
    package var message: String
  }

  /// A plan's hash may be cut, but not so short that another could be meant.
  private static let shortestHash = 8

  private let records: EndpointRecords
  private let overview: ControllerOverview
  private let manifests: ManifestIntake
  private let now: @Sendable () -> Date

  package init(
    _ records: EndpointRecords, _ overview: ControllerOverview, _ manifests: ManifestIntake,
    now: @escaping @Sendable () -> Date
  ) {
    self.records = records
    self.overview = overview
    self.manifests = manifests
    self.now = now
  }

  /// How every endpoint fares, by name; what other controllers wrote down last counts as much as what this one knows.
  package func statuses() -> [EndpointStatus] {
    overview.content.statuses.values.sorted { $0.endpoint < $1.endpoint }
  }

  /// - Parameter operator: who asks.
  package func perform(_ call: ControllerCall, for operator: String) async throws(Refusal) {
    if let name = call.endpoint, overview.content.statuses[name] == nil {
      throw Refusal(kind: .unknownEndpoint, message: "there is no endpoint \"\(name)\" here; \(endpointsInWords)")
    }
    let approval = try approval(for: call, by: `operator`)
    do {
      switch call {
      case .status: break
      case .reconcile(let name):
        wakeSource()
        for name in name.map({ [$0] }) ?? statuses().map(\.endpoint) { try await records.reconcile(name, after: now()) }
      case .suspend(let name, let reason):
        try await records.suspend(name, .init(by: `operator`, reason: reason, since: now()))
      case .resume(let name): try await records.resume(name, by: `operator`, at: now())
      case .approve(let name, _): if let approval { try await records.approve(name, approval) }
      case .approveSource: try await approveSource(by: `operator`)
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(kind: .unavailable, message: "the state store cannot be written: \(error)")
    }
  }

  /// The names of all endpoints, or why there are none.
  private var endpointsInWords: String {
    let names = statuses().map(\.endpoint)
    guard names.isEmpty else { return "there is \(names.joined(separator: ", "))" }
    return overview.content.source?.inForceSince == nil ? "no manifests are in force" : "there is none at all"
  }

  /// Makes the controller look at its repository at once.
  func wakeSource() { manifests.wake() }

  private func approveSource(by operator: String) async throws {
    guard let waiting = await manifests.waiting else {
      let problem = overview.content.source?.problem.map { ": \($0.message)" } ?? ""
      throw Refusal(kind: .nothingToApprove, message: "no manifests wait for an approval\(problem)")
    }
    var decision = JournalDecision(.approveSource, by: `operator`, at: now())
    decision.commit = waiting.revision?.commit
    try await records.note(decision)
    await manifests.approve(waiting)
  }

  private func approval(
    for call: ControllerCall, by operator: String
  ) throws(Refusal) -> EndpointOrder.Approval? {
    guard case .approve(let name, let wanted) = call else { return nil }
    guard let refused = overview.content.statuses[name]?.refusedPlan else {
      throw Refusal(
        kind: .nothingToApprove, message: "no plan for \(name) waits for an approval that an operator could give")
    }
    if let wanted, wanted.count < Self.shortestHash || !refused.hasPrefix(wanted) {
      throw Refusal(
        kind: .otherPlan, message: "the plan that waits for \(name) is \(refused.prefix(12)), not \(wanted.prefix(12))")
    }
    return EndpointOrder.Approval(plan: refused, by: `operator`, at: now())
  }
}
