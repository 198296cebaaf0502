import Foundation
import Reconciliation

/// How endpoints fare under a controller, as text: first what keeps manifests from being in force, then a line for each
/// endpoint, and what a person must know below it.
package struct StatusText {
  /// What a controller says of its manifests.
  package struct Manifests: Hashable, Sendable {
    /// Whether it goes by any.
    package var areInForce: Bool
    /// Why it does not go by the newest; nil when it does, or has not read any yet.
    package var problem: String?

    package init(areInForce: Bool, problem: String? = nil) {
      self.areInForce = areInForce
      self.problem = problem
    }
  }

  private let statuses: [EndpointStatus]
  private let manifests: Manifests
  private let now: Date

  package init(_ statuses: [EndpointStatus], under manifests: Manifests, now: Date) {
    self.statuses = statuses
    self.manifests = manifests
    self.now = now
  }

  package func rendered(_ style: TextStyle) -> String {
    let lines = [manifestLine].compactMap(\.self) + endpointLines
    return lines.map { $0.rendered(style) + "\n" }.joined()
  }

  private var manifestLine: StyledLine? {
    switch (manifests.areInForce, manifests.problem) {
    case (true, nil): nil
    case (true, let problem?): StyledLine("The last good manifests are in force, not the newest: \(problem)", .warning)
    case (false, let problem): StyledLine("No manifests are in force: \(problem ?? "none were read yet")", .bad)
    }
  }

  private var endpointLines: [StyledLine] {
    guard !statuses.isEmpty else { return manifests.areInForce ? [StyledLine("No endpoints.")] : [] }
    let names = statuses.map(\.endpoint.columns).max() ?? 0
    let states = statuses.map(\.state.word.columns).max() ?? 0
    return statuses.flatMap { status in
      [
        StyledLine(status.endpoint, .strong).padded(to: names + 2)
          + StyledLine(status.state.word, status.state.tone).padded(to: states + 2)
          + StyledLine(times(status).joined(separator: " · "))
      ] + details(status).map { "    " + $0 }
    }
  }

  private func times(_ status: EndpointStatus) -> [String] {
    var parts = [status.convergenceWords(at: now), status.nextPassWords(at: now)].compactMap(\.self)
    if let revision = status.revision { parts.append("revision \(revision.prefix(12))") }
    return parts
  }

  private func details(_ status: EndpointStatus) -> [StyledLine] {
    var lines: [StyledLine] = []
    if !status.message.isEmpty { lines.append(StyledLine(status.message)) }
    if status[.ready].isTrue, status[.ready].reason == .driftReported {
      let drift = DriftReport.Finding.Class.allCases.compactMap { kind in
        status.drift[kind].map { "\($0) \(kind.rawValue)" }
      }
      lines.append(StyledLine("drift: \(drift.joined(separator: ", "))", .change))
    }
    if status.failures > 0 { lines.append(StyledLine("\(status.failures.counted("failure")) in a row", .quiet)) }
    if let plan = status.refusedPlan {
      lines.append(
        StyledLine("if it is meant: rollcall approve \(status.endpoint) --plan \(plan.prefix(12))", .quiet))
    }
    for finding in status.expiries {
      guard let urgency = finding.urgency(at: now) else { continue }
      lines.append(StyledLine(finding.sentence(at: now), urgency == .error ? .bad : .warning))
    }
    lines += status.withheld.map { StyledLine("withheld: \($0.key.kind) \($0.key.name): \($0.reason)", .warning) }
    return lines
  }
}

extension EndpointStatus {
  /// The one condition that says most.
  fileprivate var state: (kind: EndpointCondition.Kind, word: String, tone: TextStyle.Tone) {
    if self[.suspended].isTrue { return (.suspended, "suspended", .warning) }
    if self[.quarantined].isTrue { return (.quarantined, "quarantined", .bad) }
    if self[.stalled].isTrue { return (.stalled, "stalled", .bad) }
    if self[.ready].isTrue { return (.ready, "ready", .good) }
    return self[.reconciling].isTrue ? (.ready, "reconciling", .change) : (.ready, "not ready", .bad)
  }

  /// The one condition that says most, in a word or two: `ready`, `not ready`, `quarantined`.
  package var word: String { state.word }

  /// Why it is not as asked; empty when it is.
  package var message: String {
    let shown = self[state.kind]
    return shown.kind == .ready && shown.isTrue ? "" : shown.message.escapingControls()
  }

  /// `as asked 12 s ago`; nil before the first pass.
  package func convergenceWords(at now: Date) -> String? {
    guard let lastConvergence else { return lastPass == nil ? nil : "never yet as asked" }
    return "as asked \(lastConvergence.ago(at: now))"
  }

  /// `next pass in 29 min`; nil while one is under way or the endpoint is suspended.
  package func nextPassWords(at now: Date) -> String? {
    nextPass.map { $0 > now ? "next pass in \($0.timeIntervalSince(now).roughly)" : "next pass now" }
  }
}

extension Date {
  /// `12 s ago`
  package func ago(at now: Date) -> String {
    let age = now.timeIntervalSince(self)
    return age < 1 ? "now" : "\(age.roughly) ago"
  }
}

extension TimeInterval {
  /// `12 s`, `3 min`, `5 h`, `2 days`: for how long ago something was.
  fileprivate var roughly: String {
    switch self {
    case ..<120: "\(Int(rounded())) s"
    case ..<7200: "\(Int((self / 60).rounded())) min"
    case ..<172_800: "\(Int((self / 3600).rounded())) h"
    default: "\(Int((self / 86_400).rounded())) days"
    }
  }
}
