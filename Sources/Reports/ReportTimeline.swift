import Foundation
import Reconciliation
import XML

/// How much drift there was in the time before, as areas one upon the other (SVG 1.1 within HTML).
struct ReportTimeline {
  /// What the measurements of one moment come to.
  private typealias Column = [(word: String, count: Int)]

  private let columns: [Column]
  private let start: Date
  private let end: Date

  /// In units of the picture.
  private static let (left, width, height, foot) = (50.0, 650.0, 160.0, 24.0)
  private static let most = 180

  /// nil when there is too little to make a picture of.
  init?(samples: [DriftSample], until end: Date) {
    guard let first = samples.first, first.time < end else { return nil }
    start = first.time
    self.end = end
    columns = Self.columns(samples, from: first.time, to: end)
    guard columns.contains(where: { $0.contains { $0.count > 0 } }) else { return nil }
  }

  /// The worst of each column's stretch of time; what was measured last holds until it is measured again.
  private static func columns(_ samples: [DriftSample], from start: Date, to end: Date) -> [Column] {
    let stretch = end.timeIntervalSince(start) / Double(most)
    var current: [String: DriftCounts] = [:]
    var rest = samples[...]
    return (0..<most).map { index in
      let limit = start + Double(index + 1) * stretch
      var worst = current
      while let sample = rest.first, sample.time < limit || index == most - 1 {
        rest.removeFirst()
        guard let counts = try? DriftCounts(json: sample.document) else { continue }
        current[sample.endpoint] = counts
        if counts.total > worst[sample.endpoint]?.total ?? -1 { worst[sample.endpoint] = counts }
      }
      return column(worst.values.reduce(into: DriftCounts(), +=))
    }
  }

  private static func column(_ counts: DriftCounts) -> Column {
    DriftReport.Finding.Class.allCases.map { ($0.rawValue, counts.open[$0] ?? 0) }
      + [("acknowledged", counts.acknowledged)]
  }

  private var highest: Int { columns.map { $0.reduce(0) { $0 + $1.count } }.max() ?? 0 }

  func write(to page: inout XMLWriter) {
    let size = (Self.left + Self.width + 60, Self.height + Self.foot)
    page.element("section") { page in
      page.leaf("h2", "Over time")
      page.element("svg", ["viewBox": "0 0 \(size.0) \(size.1)", "role": "img", "aria-label": summary]) { page in
        for index in columns[0].indices { write(layer: index, to: &page) }
        write(axes: &page)
      }
      page.element("p", ["class": "legend"]) { page in
        for (index, part) in columns[0].enumerated() where columns.contains(where: { $0[index].count > 0 }) {
          page.leaf("span", part.word, ["class": "mark \(part.word)"])
          page.characters(" ")
        }
      }
    }
  }

  /// One area: along its upper edge in steps, and back along the one below.
  private func write(layer: Int, to page: inout XMLWriter) {
    guard columns.contains(where: { $0[layer].count > 0 }) else { return }
    let step = Self.width / Double(columns.count)
    func edge(_ layers: Int) -> [String] {
      columns.enumerated().flatMap { index, column in
        let y = y(column.prefix(layers).reduce(0) { $0 + $1.count })
        return ["\(x(Double(index) * step)),\(y)", "\(x(Double(index + 1) * step)),\(y)"]
      }
    }
    let points = edge(layer + 1) + edge(layer).reversed()
    page.empty("polygon", ["points": points.joined(separator: " "), "class": columns[0][layer].word])
  }

  private func write(axes page: inout XMLWriter) {
    let (right, bottom) = (Self.left + Self.width, Self.height)
    page.empty(
      "line", ["x1": "\(Self.left)", "y1": "\(bottom)", "x2": "\(right)", "y2": "\(bottom)", "class": "axis"])
    page.leaf("text", highest.grouped, ["x": "0", "y": "14"])
    page.leaf("text", "0", ["x": "0", "y": "\(bottom)"])
    page.leaf("text", start.minute, ["x": "\(Self.left)", "y": "\(bottom + 18)"])
    page.leaf("text", end.minute, ["x": "\(right)", "y": "\(bottom + 18)", "text-anchor": "end"])
  }

  private func x(_ x: Double) -> String { Self.rounded(Self.left + x) }
  private func y(_ count: Int) -> String {
    Self.rounded(Self.height - Double(count) / Double(max(1, highest)) * (Self.height - 10))
  }

  /// To a tenth, so that the page stays small.
  private static func rounded(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  /// The same in words, for those who do not see it.
  private var summary: String {
    let last = columns.last?.reduce(0) { $0 + $1.count } ?? 0
    return "Findings from \(start.minute) to \(end.minute): at most \(highest.grouped), at the end \(last.grouped)"
  }
}
