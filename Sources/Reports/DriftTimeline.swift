import Foundation
import Reconciliation

/// How much drift there was in the time before, as areas one upon the other, in units of a picture.
package struct DriftTimeline {
  /// One area: along its upper edge in steps, and back along the one below.
  package struct Layer {
    /// What it shows: the class of a finding, or `acknowledged`.
    package var word: String
    /// As SVG's `polygon` takes them.
    package var points: String
  }

  /// What the measurements of one moment come to.
  private typealias Column = [(word: String, count: Int)]

  private let columns: [Column]
  private let from: Date
  private let to: Date

  private static let most = 180

  package static let (left, width, height, foot) = (50.0, 650.0, 160.0, 24.0)
  /// Where the highest stands.
  package static let top = 10.0
  /// Where the words below the picture stand: above the edge, for letters that reach below their line.
  package static let words = height + 18

  /// nil when there is too little to make a picture of.
  /// - Parameter samples: oldest first.
  package init?(samples: [DriftSample], until end: Date) {
    guard let first = samples.first, first.time < end else { return nil }
    from = first.time
    to = end
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

  // MARK: The picture

  package static var viewBox: String { "0 0 \(left + width + 60) \(height + foot)" }

  /// Those that are not empty, from below.
  package var layers: [Layer] {
    columns[0].indices.filter { index in columns.contains { $0[index].count > 0 } }.map(layer)
  }

  private func layer(_ index: Int) -> Layer {
    let step = Self.width / Double(columns.count)
    func edge(_ layers: Int) -> [String] {
      columns.enumerated().flatMap { index, column in
        let y = y(column.prefix(layers).reduce(0) { $0 + $1.count })
        return ["\(x(Double(index) * step)),\(y)", "\(x(Double(index + 1) * step)),\(y)"]
      }
    }
    return Layer(
      word: columns[0][index].word, points: (edge(index + 1) + edge(index).reversed()).joined(separator: " "))
  }

  private func x(_ x: Double) -> String { Self.rounded(Self.left + x) }
  private func y(_ count: Int) -> String {
    Self.rounded(Self.height - Double(count) / Double(max(1, peak)) * (Self.height - Self.top))
  }

  /// To a tenth, so that the page stays small.
  private static func rounded(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  // MARK: Its words

  private var peak: Int { columns.map { $0.reduce(0) { $0 + $1.count } }.max() ?? 0 }

  package var highest: String { peak.grouped }
  package var start: String { from.minute }
  package var end: String { to.minute }

  /// The same in words, for those who do not see it.
  package var summary: String {
    let last = columns.last?.reduce(0) { $0 + $1.count } ?? 0
    return "Findings from \(start) to \(end): at most \(highest), at the end \(last.grouped)"
  }
}
