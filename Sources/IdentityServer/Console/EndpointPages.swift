import Foundation
import HummingbirdCore
import LocalDirectory
import Reconciliation
import Reports

/// The endpoints that controllers look after.
struct EndpointsPage {
  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try await visit.withControllers { state in
      if visit.isPost { return try await reconcileAll(state) }
      let now = visit.surroundings.now()
      let statuses = try await state.statuses(at: now)
      return visit.page(
        "console-endpoints", title: "Endpoints", section: EndpointPlace.path, runsScript: true,
        [
          "endpoints": .list(statuses.map { EndpointContent.row($0, now: now) }),
          "has_endpoints": .flag(!statuses.isEmpty), "is_empty": .flag(statuses.isEmpty),
          "live": .text(LiveEndpoints.path), "action": .text(EndpointPlace.path),
          "form_token": visit.token(for: EndpointPlace.path),
          "notice": EndpointNotice(try visit.query).map { .text($0.text("")) },
        ])
    }
  }

  /// Asks for a pass at every one.
  private func reconcileAll(_ state: ControllerState) async throws -> Response {
    _ = try await visit.posted()
    let now = visit.surroundings.now()
    for status in try await state.statuses(at: now) { try await state.records.reconcile(status.endpoint, after: now) }
    return .seeOther(EndpointNotice.reconcile.address(EndpointPlace.path))
  }
}

/// How one endpoint fares, why, and what was done there last.
struct EndpointPage {
  private let place: EndpointPlace
  private let state: ControllerState
  private var status: EndpointStatus { place.status }

  init(_ place: EndpointPlace, _ state: ControllerState) {
    self.place = place
    self.state = state
  }

  func response() async throws -> Response {
    let runs = try await EndpointRuns(state.storage, at: place.name).last()
    return try place.page(
      "console-endpoint", title: place.name, .view, runsScript: true,
      [
        "live": .text(LiveEndpoints.path),
        "terms": .list(terms.map { ["term": .text($0), "item": .text($1)] }),
        "conditions": .list(status.conditions.map(row)),
        "withheld_items": .list(status.withheld.map { PlanContent.withheld($0.key, $0.reason) }),
        "has_withheld": .flag(!status.withheld.isEmpty),
        "runs": .list(runs.map(\.content)), "no_runs": .flag(runs.isEmpty),
      ])
  }

  private var terms: [(String, String)] {
    let now = place.visit.surroundings.now()
    var terms: [(String, String?)] = [
      (
        "As the manifests ask",
        status.lastConvergence.map { "\(EndpointContent.time($0)), \($0.ago(at: now))" } ?? "never yet"
      ),
      ("Last pass", status.lastPass.map { "\(EndpointContent.time($0)), \($0.ago(at: now))" } ?? "none yet"),
      ("Asked for and not in force", pending),
      ("Failures in a row", status.failures > 0 ? String(status.failures) : nil),
      ("Version of the manifests", status.revision), ("Controller", status.controller),
    ]
    if let suspension = place.order.suspension {
      terms.append(("Suspended", "by \(suspension.by), \(suspension.since.ago(at: now))"))
    }
    if let approval = place.order.approval {
      terms.append(("Approved", "plan \(approval.plan.prefix(12)) by \(approval.by), \(approval.at.ago(at: now))"))
    }
    return terms.compactMap { term, text in text.map { (term, $0) } }
  }

  private var pending: String {
    let sum = status.pending
    guard sum.changes > 0 else { return "nothing" }
    return "\(sum.create) to add, \(sum.update) to change, \(sum.disable) to disable, \(sum.delete) to delete"
  }

  private func row(_ condition: EndpointCondition) -> [String: PageContent] {
    [
      "condition": .text(condition.kind.rawValue), "answer": .text(condition.isTrue ? "yes" : "no"),
      "since": .text(EndpointContent.time(condition.since)), "reason": .text(condition.reason.rawValue),
      "because": .text(condition.message),
    ]
  }
}
