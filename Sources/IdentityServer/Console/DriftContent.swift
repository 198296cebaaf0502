import Foundation
import Reconciliation
import Reports

/// How much drift there is at all endpoints, and since when, as templates read it.
struct DriftContent {
  /// How far back the plot goes, in seconds.
  private static let span: TimeInterval = 30 * 86_400
  /// Where the columns of the table end, in seconds.
  private static let ages: [(name: String, limit: TimeInterval)] = [
    ("day", 86_400), ("week", 7 * 86_400), ("month", 30 * 86_400), ("older", .infinity),
  ]

  /// nil when there is nothing to make a picture of.
  let chart: PageContent?
  /// A row for each class of which there is any.
  let ages: [[String: PageContent]]

  /// - Parameter memories: of the endpoints that are shown.
  init(_ state: ControllerState, _ memories: [DriftMemory], now: Date) async throws {
    chart = try await Self.chart(state, now: now)
    let records = memories.flatMap(\.records.values)
    ages = DriftReport.Finding.Class.allCases.compactMap { kind in
      let own = records.filter { $0.finding.class == kind }
      return own.isEmpty ? nil : Self.row(kind, own, now: now)
    }
  }

  private static func row(
    _ kind: DriftReport.Finding.Class, _ records: [DriftRecord], now: Date
  ) -> [String: PageContent] {
    var counts = Dictionary(uniqueKeysWithValues: ages.map { ($0.name, 0) })
    counts["acknowledged"] = 0
    for record in records {
      let age = now.timeIntervalSince(record.firstSeen)
      let column =
        record.acknowledgement(at: now) != nil ? "acknowledged" : ages.first { age < $0.limit }?.name ?? "older"
      counts[column, default: 0] += 1
    }
    var row = counts.mapValues { PageContent.text($0 == 0 ? "none" : String($0)) }
    row["class"] = .text(kind.rawValue)
    return row
  }

  /// - Parameter endpoint: nil for all together.
  static func chart(_ state: ControllerState, of endpoint: String? = nil, now: Date) async throws -> PageContent? {
    let samples = try await state.storage.driftSamples(since: now - span)
    let own = samples.filter { endpoint == nil || $0.endpoint == endpoint }
    return DriftTimeline(samples: own, until: now).map(content)
  }

  private static func content(_ timeline: DriftTimeline) -> PageContent {
    // The areas alone are stretched to the width of the page; what is to be read stands beside them, as large as all else.
    let (left, top) = (DriftTimeline.left, DriftTimeline.top)
    return .object([
      "box": .text("\(left) \(top) \(DriftTimeline.width) \(DriftTimeline.height - top)"),
      "in_words": .text(timeline.summary),
      "layers": .list(timeline.layers.map { ["word": .text($0.word), "points": .text($0.points)] }),
      "highest": .text(timeline.highest), "start": .text(timeline.start), "end": .text(timeline.end),
    ])
  }
}
