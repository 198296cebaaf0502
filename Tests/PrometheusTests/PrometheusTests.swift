import CoreMetrics
import Foundation
import SeededRandom
import Testing

@testable import Prometheus

/// The text format of Prometheus, and what the kernel says of this process.
struct PrometheusTests {
  private let registry = PrometheusRegistry()

  @Test func aCounterOnlyRises() {
    let counter = Counter(label: "events_total", dimensions: [("kind", "a")], factory: registry)
    counter.increment()
    counter.increment(by: 2)
    counter.increment(by: -5)
    registry.describe("events_total", "What happened.")
    #expect(
      registry.text == "# HELP events_total What happened.\n# TYPE events_total counter\nevents_total{kind=\"a\"} 3\n")
  }

  @Test func aGaugeRisesAndFalls() {
    let gauge = Meter(label: "open", factory: registry)
    gauge.set(5)
    gauge.decrement(by: 1.5)
    #expect(registry.text == "# TYPE open gauge\nopen 3.5\n")
  }

  @Test func aHistogramCountsWhatIsNotAboveEachBound() {
    let timer = Timer(label: "duration_seconds", factory: registry)
    for milliseconds in [0.5, 3, 3, 20_000] { timer.recordNanoseconds(Int64(milliseconds * 1e6)) }
    let lines = registry.text.split(separator: "\n")
    #expect(lines.first == "# TYPE duration_seconds histogram")
    #expect(lines.contains(#"duration_seconds_bucket{le="0.0005"} 1"#))
    #expect(lines.contains(#"duration_seconds_bucket{le="0.0025"} 1"#))
    #expect(lines.contains(#"duration_seconds_bucket{le="0.005"} 3"#))
    #expect(lines.contains(#"duration_seconds_bucket{le="10"} 3"#))
    #expect(
      lines.suffix(3) == [
        #"duration_seconds_bucket{le="+Inf"} 4"#, "duration_seconds_sum 20.0065", "duration_seconds_count 4",
      ])
  }

  @Test func oneNameHasOneType() {
    Counter(label: "name", factory: registry).increment()
    Meter(label: "name", factory: registry).set(7)
    #expect(registry.text == "# TYPE name counter\nname 1\n")
  }

  @Test func theSameLabelsAreTheSameSeries() {
    for _ in 0..<2 { Counter(label: "name", dimensions: [("a", "b")], factory: registry).increment() }
    #expect(registry.text.hasSuffix("name{a=\"b\"} 2\n"))
  }

  @Test func whatIsDestroyedIsNotPrinted() {
    let counter = Counter(label: "name", dimensions: [("a", "b")], factory: registry)
    Counter(label: "name", dimensions: [("a", "c")], factory: registry).increment()
    counter.destroy()
    #expect(registry.text == "# TYPE name counter\nname{a=\"c\"} 1\n")
  }

  /// Whatever stands in a label, the text stays lines of the format, and the value can be read back.
  @Test func labelsCannotBreakTheFormat() throws {
    var random = SplitMix64(seed: 7)
    let alphabet = Array("ab\\\"\n{}=, é\u{2028}\r")
    for _ in 0..<200 {
      let registry = PrometheusRegistry()
      let value = String(
        (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
      Counter(label: "n-1", dimensions: [("la bel", value)], factory: registry).increment()
      let lines = registry.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 3)
      let line = try #require(lines.dropFirst().first)
      let escaped = try #require(line.wholeMatch(of: /n_1\{la_bel="((?:[^"\\]|\\.)*)"\} 1/)).output.1
      let read = escaped.replacing("\\\\", with: "\u{1}").replacing("\\n", with: "\n").replacing("\\\"", with: "\"")
        .replacing("\u{1}", with: "\\")
      #expect(read == value)
    }
  }

  @Test func theNameOfTheProgramMayHoldAnything() {
    let stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 5000 1048576 256 18446744073709551615"
    let statistics = ProcessStatistics(stat: stat, bootTime: 1_700_000_000, ticksPerSecond: 100, pageSize: 4096)
    #expect(statistics.cpuSeconds == 3)
    #expect(statistics.startSeconds == 1_700_000_050)
    #expect(statistics.virtualBytes == 1_048_576)
    #expect(statistics.residentBytes == 1_048_576)
    #expect(ProcessStatistics(stat: "42 (a", bootTime: nil, ticksPerSecond: 100, pageSize: 1) == ProcessStatistics())
  }

  @Test func thisProcessIsMeasured() throws {
    let statistics = ProcessStatistics.current
    #expect(try #require(statistics.cpuSeconds) >= 0)
    #expect(try #require(statistics.residentBytes) > 1 << 20)
    #expect(try #require(statistics.openFiles) > 2)
    let age = Date().timeIntervalSince1970 - (try #require(statistics.startSeconds))
    #expect(age > -2 && age < 86_400)
  }
}
