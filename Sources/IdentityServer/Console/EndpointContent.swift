import Foundation
import LocalDirectory
import Reconciliation
import Reports

/// How an endpoint fares, as templates read it.
enum EndpointContent {
  static func row(_ status: EndpointStatus, now: Date) -> [String: PageContent] {
    var row = texts(status, now: now).mapValues(PageContent.text)
    row["endpoint"] = .text(status.endpoint)
    row["address"] = .text(EndpointPlace.path(status.endpoint))
    row["is_failing"] = .flag(isFailing(status, now: now))
    row["is_off"] = .flag(off.contains(word(status, now: now)))
    return row
  }

  /// What changes as controllers work.
  static func texts(_ status: EndpointStatus, now: Date) -> [String: String] {
    [
      "state_label": word(status, now: now), "why": why(status, now: now),
      "converged": status.convergenceWords(at: now) ?? "not yet read", "next": next(status, now: now),
      "pending": status.pending.changes == 0 ? "none" : String(status.pending.changes),
      "withheld": status.withheld.isEmpty ? "none" : String(status.withheld.count), "drift": drift(status.drift),
    ]
  }

  /// The states of which a glance shall tell, and those that are neither good nor bad; as the script of the page has them.
  static let failing = ["not ready", "stalled", "quarantined", unattended]
  static let off = ["suspended", "reconciling"]

  /// The state of an endpoint that no controller looks after any more, whatever it was when one did.
  private static let unattended = "unattended"

  static func isFailing(_ status: EndpointStatus, now: Date) -> Bool { failing.contains(word(status, now: now)) }

  private static func word(_ status: EndpointStatus, now: Date) -> String {
    isOverdue(status, now: now) ? unattended : status.word
  }

  private static func why(_ status: EndpointStatus, now: Date) -> String {
    guard isOverdue(status, now: now) else { return status.message }
    return "\(status.word) when a controller came last\(status.lastPass.map { ", \($0.ago(at: now))" } ?? "")"
  }

  static func next(_ status: EndpointStatus, now: Date) -> String {
    if status[.suspended].isTrue { return "no pass while it is suspended" }
    return isOverdue(status, now: now)
      ? "no controller has come"
      : status.nextPassWords(at: now) ?? (status.lastPass == nil ? "" : "a pass is under way")
  }

  /// Whether no controller looks after the endpoint any more, though one should.
  static func isOverdue(_ status: EndpointStatus, now: Date) -> Bool { isOverdue(status, by: patience, now: now) }

  /// Whether no controller will look after the endpoint again.
  static func isForgotten(_ status: EndpointStatus, now: Date) -> Bool {
    isOverdue(status, by: longestAbsence, now: now)
  }

  private static func isOverdue(_ status: EndpointStatus, by limit: TimeInterval, now: Date) -> Bool {
    guard !status[.suspended].isTrue, let next = status.nextPass else { return false }
    return now.timeIntervalSince(next) > limit
  }

  /// In seconds: a pass at another endpoint, or a controller that starts anew, may take that long.
  private static let patience: TimeInterval = 300
  /// In seconds.
  private static let longestAbsence: TimeInterval = 30 * 86_400

  /// `1 missing, 2 changed`
  static func drift(_ counts: [DriftReport.Finding.Class: Int]) -> String {
    let parts = DriftReport.Finding.Class.allCases.compactMap { kind in
      counts[kind].flatMap { $0 > 0 ? "\($0) \(kind.rawValue)" : nil }
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  /// What somebody should see to, a sentence each.
  static func concerns(_ status: EndpointStatus, now: Date) -> [String] {
    var concerns: [String] = []
    if isOverdue(status, now: now), let next = status.nextPass {
      concerns.append("No controller has come to \(status.endpoint), where a pass was due \(next.ago(at: now)).")
    } else if isFailing(status, now: now) {
      concerns.append("\(status.endpoint) is \(status.word)\(status.message.isEmpty ? "" : ": \(status.message)")")
    }
    if !status.withheld.isEmpty { concerns.append("\(status.endpoint): \(status.withheld.count) withheld.") }
    return concerns
  }

  static func time(_ date: Date) -> String { ReadableTime.text(Timestamp.text(date)) }
}
