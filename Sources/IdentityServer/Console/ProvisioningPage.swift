import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// How outbound provisioning is doing: every connector, and what it could not deliver.
struct ProvisioningPage {
  static let path = "\(ConsoleService.path)/provisioning"
  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try visit.demandAdministrator()
    guard let provisioning = visit.surroundings.provisioning else { throw Refusal.notFound }
    return visit.isPost ? try await change(provisioning) : try await page(provisioning)
  }

  /// Tries again, or gives up: one resource, or all of a connector.
  private func change(_ provisioning: OutboundProvisioning) async throws -> Response {
    let form = try await visit.posted()
    guard let connector = form.text("connector"), let verb = form["change"], ["retry", "drop"].contains(verb) else {
      throw SCIMError(status: 400, .invalidValue, "The form does not say what to do with which connector.")
    }
    let id = form.text("id")
    let count =
      verb == "retry"
      ? try await provisioning.retry(connector, id: id)
      : try await provisioning.surroundings.store.dropDeliveries(of: connector, id: id)
    return .seeOther("\(Self.path)?\(FormEncoding.encoded([verb: String(count)]))")
  }

  // MARK: The page

  private func page(_ provisioning: OutboundProvisioning) async throws -> Response {
    let query = try visit.query
    let statuses = try await provisioning.statuses()
    let configured = provisioning.configured
    let inUse = Set(configured.connectors)
    let deliveries = statuses.flatMap(\.deliveries)
    let first = try Paging.first(in: query)
    let shown = deliveries.dropFirst(first - 1).prefix(Paging.size)
    let labels = try await visit.directory.summaries(of: shown.map(\.id))
    let names = Dictionary(labels.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    var content: [String: PageContent?] = [
      "notice": try notice(query).map(PageContent.text), "action": .text(Self.path),
      "live": .text(LiveProvisioning.path),
      "form_token": visit.token(for: Self.path),
      "none": .optional(statuses.isEmpty ? "No connector has worked yet." : nil),
      "connectors": .list(statuses.map { ConnectorContent.row($0, isInUse: inUse.contains($0.state.name)) }),
      "problems": .list(
        configured.problems.map { ["problem_text": .text("Outbound provisioning is not as configured: \($0).")] }),
      "has_deliveries": .flag(!shown.isEmpty),
      "deliveries": .list(shown.map { row($0, names[$0.id]) }),
    ]
    content.merge(
      Paging(first: first, shown: shown.count, of: deliveries.count) { from in
        "\(Self.path)?from=\(from)"
      }.content
    ) { own, _ in own }
    return visit.page(
      "console-provisioning", title: "Provisioning", section: Self.path, runsScript: true, content)
  }

  private func notice(_ query: QueryParameters) throws(SCIMError) -> String? {
    if let count = try query.int("retry") { return "\(count) to be tried again." }
    return try query.int("drop").map { "\($0) given up." }
  }

  private func row(_ delivery: Delivery, _ label: String?) -> [String: PageContent] {
    let kind = ConsoleKind.named(delivery.type)
    return [
      "label": .text(label ?? delivery.id), "kind": .text(kind?.noun ?? delivery.type), "id": .text(delivery.id),
      "address": label == nil ? false : kind.map { .text($0.path(delivery.id)) } ?? false,
      "connector": .text(delivery.connector), "is_dead": .flag(delivery.state == .dead),
      "state_label": .text(delivery.state == .dead ? "Given up" : "Waiting"), "reason": .text(delivery.reason),
      "attempts": .text(delivery.attempts == 1 ? "once" : "\(delivery.attempts) times"),
      "since": .text(ReadableTime.text(Timestamp.text(delivery.since))),
      "due": .optional(delivery.state == .dead ? nil : ReadableTime.text(Timestamp.text(delivery.dueAt))),
    ]
  }
}

/// How a connector is doing, as templates read it.
enum ConnectorContent {
  /// - Parameter isInUse: whether anything goes to it by now.
  static func row(_ status: ConnectorStatus, isInUse: Bool) -> [String: PageContent] {
    let failure = status.state.failure
    var row = texts(status, isInUse: isInUse).mapValues(PageContent.text)
    row["connector"] = .text(status.state.name)
    row["is_failing"] = .flag(isInUse && failure != nil)
    row["reason"] = .optional(
      failure.map { "\($0.reason) (tried again \(ReadableTime.text(Timestamp.text($0.retryAt))))" })
    row["has_any"] = .flag(!status.deliveries.isEmpty)
    return row
  }

  /// What changes as it works.
  static func texts(_ status: ConnectorStatus, isInUse: Bool) -> [String: String] {
    let dead = status.deliveries.count { $0.state == .dead }
    let isIdle = status.behind <= 0 && status.deliveries.isEmpty
    let works = status.state.failure != nil ? "Failing" : isIdle ? "Nothing to deliver" : "At work"
    return [
      "state_label": isInUse ? works : "Not in use", "behind": String(max(status.behind, 0)),
      "waiting": String(status.deliveries.count - dead), "dead": String(dead),
      "passed": status.state.passedAt.map { ReadableTime.text(Timestamp.text($0)) } ?? "not yet",
    ]
  }
}
