import Foundation
import Reconciliation

/// How somebody comes to have access, for a person at a terminal.
struct AccessText {
  let report: AccessReport

  var lines: [StyledLine] {
    [heading] + (report.inactive.map { [StyledLine("  its account is not active: \($0)", .warning)] } ?? [])
      + manifestLines + report.endpoints.flatMap(lines)
      + report.unreachable.map {
        StyledLine("At \($0.endpoint): ", .strong) + StyledLine("not read: \($0.message)", .bad)
      }
  }

  private var heading: StyledLine {
    StyledLine("\(report.member)", .strong) + "  " + StyledLine(report.source.place, .quiet)
  }

  // MARK: By the manifests

  private var manifestLines: [StyledLine] {
    guard !report.ways.isEmpty else {
      return [StyledLine("  no manifest brings it into \(report.target ?? "any group or role")", .warning)]
    }
    var order: [ResourceKey] = []
    for way in report.ways where !order.contains(way.container) { order.append(way.container) }
    let byContainer = Dictionary(grouping: report.ways, by: \.container)
    return order.flatMap { key in lines(byContainer[key] ?? [], into: key) }
  }

  private func lines(_ ways: [AccessWay], into container: ResourceKey) -> [StyledLine] {
    let leads = ways.contains { $0.leads(at: report.now) }
    let head = leads ? StyledLine("  ✓ \(container)", .good) : StyledLine("  ✗ \(container)", .warning) + ": not now"
    return [head]
      + ways.enumerated().flatMap { index, way in
        (index > 0 ? [StyledLine("      or", .quiet)] : []) + way.steps.map(line)
      }
  }

  private func line(_ step: AccessStep) -> StyledLine {
    let obstacle = step.obstacle(at: report.now).map { StyledLine(" — \($0.words)", .warning) } ?? ""
    return StyledLine("      \(step.member) in \(step.container): \(step.words)") + obstacle + "  "
      + StyledLine(step.source.place, .quiet)
  }

  // MARK: At an endpoint

  private func lines(_ there: AccessThere) -> [StyledLine] {
    var lines = [StyledLine("At \(there.endpoint): ", .strong) + StyledLine(standing(there))]
    lines += there.holdings.map { line($0, at: there.endpoint) }
    if there.id != nil, there.holdings.isEmpty { lines.append("  in no group and no role there") }
    lines += there.upcoming.map { change in
      change.gains
        ? StyledLine("  + apply would put it into \(change.groupKey)", .good)
        : StyledLine("  - apply would take it out of \(change.groupKey)", .bad)
    }
    return lines
  }

  private func standing(_ there: AccessThere) -> String {
    if let doubt = there.doubt { return "not told apart there: \(doubt)" }
    guard let id = there.id else { return "not there" }
    let state = there.isActive.map { $0 ? ", active" : ", not active" } ?? ""
    return "there as \(id)\(state)"
  }

  private func line(_ holding: AccessThere.Holding, at endpoint: String) -> StyledLine {
    let isOurs = if case .ours = holding.origin { true } else { false }
    let made = report.addition(holding, at: endpoint).map { "; \($0.words)" } ?? ""
    return StyledLine(isOurs ? "  ✓ " : "  ! ", isOurs ? .good : .change)
      + StyledLine("\(holding.member) in \(holding.container): \(holding.origin.words)\(made)")
  }
}

extension AccessReport.Addition {
  /// `added 2026-11-26T14:00:00Z by ada@laptop, run 20261126T140000Z-1f, commit 9fceb02`.
  var words: String {
    "added \(time.moment) by \(actor)" + (run.map { ", run \($0)" } ?? "")
      + (commit.map { ", commit \($0.prefix(12))" } ?? "")
  }
}

extension AccessStep {
  /// `named, until 2026-12-31`, `selected by team=sre`.
  var words: String {
    let basis =
      switch basis {
      case .named: "named"
      case .selected(let labels):
        "selected by " + labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
      }
    return basis + (from.map { ", from \($0.moment)" } ?? "") + (until.map { ", until \($0.moment)" } ?? "")
  }
}

extension AccessStep.Obstacle {
  var words: String {
    switch self {
    case .notYet: "still to come"
    case .over: "over"
    case .mode(let mode): "mode \(mode.rawValue) adds nobody"
    case .containerAbsent: "its lifecycle.state is Absent"
    }
  }
}

extension AccessThere.Holding.Origin {
  var words: String {
    switch self {
    case .ours(let date): "as the manifests ask, recorded \(date.moment)"
    case .foreign: "not by the manifests"
    }
  }
}

extension SourceLocation {
  /// `people.yaml:12`.
  var place: String { "\(file):\(line)" }
}

extension Date {
  /// In UTC, the day alone at its beginning: `2026-12-31`, `2026-12-31T09:30:00Z`.
  var moment: String {
    timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) == 0 ? day : formatted(.iso8601)
  }
}
