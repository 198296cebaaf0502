import Foundation
import HummingbirdCore
import LocalDirectory
import OpenID
import Reconciliation
import Reports
import SCIM

/// What there is and how it is doing, at a glance. What the server does not know is not here.
struct OverviewPage {
  /// The last changes that are shown.
  private static let recentCount = 8
  /// The most endpoints that are shown, those first that need somebody.
  private static let endpointCount = 12

  private let visit: ConsoleVisit
  private var surroundings: ConsoleSurroundings { visit.surroundings }

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try visit.demandAdministrator()
    let connectors = try await connectors()
    let endpoints = try await endpoints()
    let credentials = try await credentials(with: endpoints.expiries)
    let concerns = endpoints.concerns + (try await Concerns(surroundings).all())
    return visit.page(
      "console-overview", title: "Overview", section: ConsoleService.path, runsScript: !endpoints.rows.isEmpty,
      [
        "endpoints": .list(endpoints.rows), "has_endpoints": .flag(!endpoints.rows.isEmpty),
        "more_endpoints": .optional(endpoints.more), "endpoints_path": .text(EndpointPlace.path),
        "live": .text(LiveEndpoints.path), "chart": endpoints.chart, "ages": .list(endpoints.ages),
        "has_ages": .flag(!endpoints.ages.isEmpty),
        "counts": .list(try await counts()), "connectors": .list(connectors),
        "has_connectors": .flag(!connectors.isEmpty), "provisioning_path": .text(ProvisioningPage.path),
        "concerns": .list(concerns.map { ["concern": .text($0)] }), "has_concerns": .flag(!concerns.isEmpty),
        "entries": .list(try await recent()), "audit_path": .text(AuditPage.path),
        "credentials": .list(credentials), "has_credentials": .flag(!credentials.isEmpty),
      ])
  }

  private func counts() async throws -> [[String: PageContent]] {
    var counts: [[String: PageContent]] = []
    for kind in ConsoleKind.all {
      let list = try await visit.directory.list(type: try visit.type(kind), ListQuery(count: 0))
      counts.append([
        "label": .text(kind.title), "address": .text(kind.path), "number": .text(String(list.totalResults ?? 0)),
      ])
    }
    return counts
  }

  private struct Endpoints {
    var rows: [[String: PageContent]] = []
    /// Where there are more than are shown.
    var more: String?
    var concerns: [String] = []
    /// Of drift over time.
    var chart: PageContent?
    /// Of findings by class and age.
    var ages: [[String: PageContent]] = []
    /// What they need that ends; several may keep the same identity provider.
    var expiries: Set<ExpiryFinding> = []
  }

  /// What cannot be read just now is a concern, and keeps nobody from the rest.
  private func endpoints() async throws -> Endpoints {
    guard visit.knowsControllers else { return Endpoints() }
    let now = surroundings.now()
    do {
      let (statuses, drift) = try await visit.withControllers { state in
        let memories = try await state.storage.driftMemories()
        let statuses = try await state.statuses(at: now, drift: memories)
        return (statuses, try await DriftContent(state, statuses.compactMap { memories[$0.endpoint] }, now: now))
      }
      let first = statuses.filter { EndpointContent.isFailing($0, now: now) }
      let all = first + statuses.filter { !EndpointContent.isFailing($0, now: now) }
      let expiries = Set(all.flatMap(\.expiries))
      let ending = expiries.filter { $0.urgency(at: now) != nil }.map { "\($0.sentence(at: now).sentenceCased)." }
      return Endpoints(
        rows: all.prefix(Self.endpointCount).map { EndpointContent.row($0, now: now) },
        more: all.count > Self.endpointCount ? "All \(all.count) endpoints" : nil,
        concerns: all.flatMap { EndpointContent.concerns($0, now: now) } + ending.sorted(), chart: drift.chart,
        ages: drift.ages, expiries: expiries)
    } catch let error as SCIMError {
      return Endpoints(concerns: [error.detail])
    }
  }

  private func connectors() async throws -> [[String: PageContent]] {
    guard let provisioning = surroundings.provisioning else { return [] }
    let known = Set(provisioning.configured.connectors)
    return try await provisioning.statuses().map { ConnectorContent.row($0, isInUse: known.contains($0.state.name)) }
  }

  /// Those of the server itself, then those of endpoints and identity providers, what ends first at the top.
  private func credentials(with expiries: Set<ExpiryFinding>) async throws -> [[String: PageContent]] {
    let certificate = surroundings.certificate.map { [("TLS certificate", $0.expiry as Date?)] } ?? []
    let tokens = try await surroundings.tokens.serviceTokens().map { ("Token \($0.holder.name)", $0.expiresAt) }
    let theirs = expiries.sorted { ($0.expiresAt, $0.owner) < ($1.expiresAt, $1.owner) }
      .map { ($0.subject.name(of: $0.owner).sentenceCased, $0.expiresAt as Date?) }
    return (certificate + tokens + theirs).map { name, expiry in
      ["credential": .text(name), "expiry": .text(Expiry.text(expiry, now: surroundings.now()))]
    }
  }

  private func recent() async throws -> [[String: PageContent]] {
    let end = try await visit.directory.lastEvent()
    let events = try await visit.directory.events(after: max(end - Self.recentCount, 0), limit: Self.recentCount)
    let wording = try await AuditWording(events, in: visit.directory)
    return events.reversed().map { wording.line($0) }
  }
}

/// What somebody should see to.
struct Concerns {
  private let surroundings: ConsoleSurroundings

  init(_ surroundings: ConsoleSurroundings) { self.surroundings = surroundings }

  /// A sentence each.
  func all() async throws -> [String] {
    let now = surroundings.now()
    var concerns = surroundings.provisioning?.configured.problems.map { "Outbound provisioning: \($0)." } ?? []
    if let expiry = surroundings.certificate?.expiry, Expiry.isSoon(expiry, now: now) {
      concerns.append("The TLS certificate \(Expiry.phrase(expiry, now: now)).")
    }
    for token in try await surroundings.tokens.serviceTokens() {
      guard let expiry = token.expiresAt, Expiry.isSoon(expiry, now: now) else { continue }
      concerns.append("The token \(token.holder.name.isolated) \(Expiry.phrase(expiry, now: now)).")
    }
    for status in try await surroundings.provisioning?.statuses() ?? [] {
      let dead = status.deliveries.count { $0.state == .dead }
      if let failure = status.state.failure { concerns.append("\(status.state.name) fails: \(failure.reason)") }
      if dead > 0 { concerns.append("\(status.state.name) has given up \(dead) of its deliveries.") }
    }
    return concerns
  }
}

/// How long credentials are still good for.
enum Expiry {
  /// In seconds: what ends earlier should be seen to.
  private static let soon: TimeInterval = 30 * 86_400

  static func isSoon(_ date: Date, now: Date) -> Bool { date.timeIntervalSince(now) < soon }

  /// - Parameter date: nil for what does not end.
  static func text(_ date: Date?, now: Date) -> String {
    guard let date else { return "good until it is revoked" }
    return "\(phrase(date, now: now)) (\(ReadableTime.text(Timestamp.text(date))))"
  }

  /// `expires in 12 days`
  static func phrase(_ date: Date, now: Date) -> String {
    let left = date.timeIntervalSince(now)
    if left <= 0 { return "has expired" }
    let days = Int(left / 86_400)
    return switch days {
    case 0: "expires today"
    case 1: "expires tomorrow"
    default: "expires in \(days) days"
    }
  }
}
