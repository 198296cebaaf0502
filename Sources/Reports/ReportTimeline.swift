import Foundation
import Reconciliation
import XML

/// Drift over time on a page of a report (SVG 1.1 within HTML).
struct ReportTimeline {
  private let timeline: DriftTimeline

  /// nil when there is too little to make a picture of.
  init?(samples: [DriftSample], until end: Date) {
    guard let timeline = DriftTimeline(samples: samples, until: end) else { return nil }
    self.timeline = timeline
  }

  func write(to page: inout XMLWriter) {
    page.element("section") { page in
      page.leaf("h2", "Over time")
      page.element("svg", ["viewBox": DriftTimeline.viewBox, "role": "img", "aria-label": timeline.summary]) { page in
        for layer in timeline.layers { page.empty("polygon", ["points": layer.points, "class": layer.word]) }
        write(axes: &page)
      }
      page.element("p", ["class": "legend"]) { page in
        for layer in timeline.layers {
          page.leaf("span", layer.word, ["class": "mark \(layer.word)"])
          page.characters(" ")
        }
      }
    }
  }

  private func write(axes page: inout XMLWriter) {
    let (left, bottom) = (DriftTimeline.left, DriftTimeline.height)
    let right = left + DriftTimeline.width
    page.empty("line", ["x1": "\(left)", "y1": "\(bottom)", "x2": "\(right)", "y2": "\(bottom)", "class": "axis"])
    page.leaf("text", timeline.highest, ["x": "0", "y": "14"])
    page.leaf("text", "0", ["x": "0", "y": "\(bottom)"])
    page.leaf("text", timeline.start, ["x": "\(left)", "y": "\(DriftTimeline.words)"])
    page.leaf("text", timeline.end, ["x": "\(right)", "y": "\(DriftTimeline.words)", "text-anchor": "end"])
  }
}
