import JSON

/// How much drift there was at a moment: what a ``DriftSample`` holds.
package struct DriftCounts: Hashable, Sendable {
  /// Without those that are acknowledged.
  package var open: [DriftReport.Finding.Class: Int]
  package var acknowledged: Int

  package init(open: [DriftReport.Finding.Class: Int] = [:], acknowledged: Int = 0) {
    self.open = open.filter { $0.value > 0 }
    self.acknowledged = acknowledged
  }

  package var total: Int { open.values.reduce(acknowledged, +) }

  package static func += (a: inout DriftCounts, b: DriftCounts) {
    a.open.merge(b.open, uniquingKeysWith: +)
    a.acknowledged += b.acknowledged
  }
}

extension DriftCounts {
  /// How a state store keeps it.
  package var json: JSONObject {
    JSONObject(
      plan: DriftReport.Finding.Class.allCases.map { ($0.rawValue, open[$0] ?? 0) } + [("acknowledged", acknowledged)])
  }

  /// - Throws: ``PlanFormatError`` for what holds no counts.
  package init(json: JSONObject) throws(PlanFormatError) {
    let fields = try PlanFields(.object(json), of: "a measurement of drift")
    var open: [DriftReport.Finding.Class: Int] = [:]
    for kind in DriftReport.Finding.Class.allCases { open[kind] = try fields(kind.rawValue) }
    self.init(open: open, acknowledged: try fields("acknowledged"))
  }
}
