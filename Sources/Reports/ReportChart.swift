import XML

/// How many of what there are at each endpoint, as bars (SVG 1.1 within HTML).
struct ReportChart {
  private struct Bar {
    var endpoint: String
    /// By what they are, in a fixed order.
    var parts: [(word: String, count: Int)]
    var total: Int { parts.reduce(0) { $0 + $1.count } }
  }

  private let bars: [Bar]

  /// In units of the picture.
  private static let (labels, width, height, gap) = (180.0, 520.0, 22.0, 8.0)
  /// What a glance shall see first stands first.
  private static let order = [
    "missing", "changed", "unmanaged", "foreign", "delete", "disable", "update", "create", "withheld",
    "acknowledged", "baseline",
  ]

  init(rows: [ReportRow]) {
    bars = Dictionary(grouping: rows, by: \.endpoint).sorted { $0.key < $1.key }.map { endpoint, rows in
      let counts = Dictionary(grouping: rows, by: \.part).mapValues(\.count)
      return Bar(
        endpoint: endpoint, parts: Self.order.compactMap { word in counts[word].map { (word, $0) } })
    }
  }

  /// Nothing when there is nothing to show.
  func write(to page: inout XMLWriter) {
    guard let longest = bars.map(\.total).max(), longest > 0 else { return }
    let size = (Self.labels + Self.width + 60, Double(bars.count) * (Self.height + Self.gap))
    page.element("section") { page in
      page.leaf("h2", "By endpoint")
      page.element("svg", ["viewBox": "0 0 \(size.0) \(size.1)", "role": "img", "aria-label": summary]) { page in
        for (index, bar) in bars.enumerated() {
          write(bar, at: Double(index) * (Self.height + Self.gap), scale: Self.width / Double(longest), to: &page)
        }
      }
      page.element("p", ["class": "legend"]) { page in
        for word in Self.order where bars.contains(where: { $0.parts.contains { $0.word == word } }) {
          page.leaf("span", word, ["class": "mark \(word)"])
          page.characters(" ")
        }
      }
    }
  }

  private func write(_ bar: Bar, at y: Double, scale: Double, to page: inout XMLWriter) {
    let middle = "\(y + Self.height * 0.7)"
    page.leaf("text", bar.endpoint.escapingControls(), ["x": "0", "y": middle])
    var x = Self.labels
    for part in bar.parts {
      let width = Double(part.count) * scale
      page.element(
        "rect", ["x": "\(x)", "y": "\(y)", "width": "\(width)", "height": "\(Self.height)", "class": part.word]
      ) { $0.leaf("title", "\(part.count.grouped) \(part.word)") }
      x += width
    }
    page.leaf("text", bar.total.grouped, ["x": "\(x + 8)", "y": middle])
  }

  /// The same in words, for those who do not see it.
  private var summary: String {
    bars.map { bar in
      let parts = bar.parts.map { "\($0.count.grouped) \($0.word)" }.joined(separator: ", ")
      return "\(bar.endpoint): \(parts)"
    }.joined(separator: "; ").escapingControls()
  }
}

extension ReportRow {
  /// What it counts as.
  fileprivate var part: String {
    guard let finding, !finding.isOpen else { return word }
    return finding.standing.name
  }
}
