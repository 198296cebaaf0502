import CoreMetrics
import Synchronization

/// Keeps what is counted and measured, and prints it as Prometheus reads it: the backend of the Swift Metrics API here.
///
/// A name belongs to the kind of metric that asked for it first; a later one of another kind is counted but not printed,
/// for a name may have one type only.
package final class PrometheusRegistry: MetricsFactory, Sendable {
  /// What a client must be told the text is.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String, Sendable { case counter, gauge, histogram }

  struct Labels: Hashable, Sendable {
    let pairs: [Pair]
    struct Pair: Hashable, Sendable {
      let name: String
      let value: String
    }

    init(_ dimensions: [(String, String)]) { pairs = dimensions.map { Pair(name: $0.0, value: $0.1) } }
  }

  struct Family: Sendable {
    let kind: Kind
    var series: [Labels: any PrometheusSeries] = [:]
  }

  private struct State {
    var families: [String: Family] = [:]
    var help: [String: String] = [:]
  }

  /// The upper bounds of histograms, in seconds: from half a millisecond to ten seconds.
  static let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private let state = Mutex(State())

  package init() {}

  /// Says in one sentence what a metric tells.
  package func describe(_ name: String, _ help: String) { state.withLock { $0.help[name] = help } }

  /// Brings a counter that somebody else counts to the same value.
  package func raise(_ name: String, to total: Double) {
    series(name, [], .counter) { CounterSeries() }.raise(to: total)
  }

  /// Drops every series of a metric: what is set anew at each reading shall not tell of what is no more.
  package func clear(_ name: String) { state.withLock { $0.families[name] = nil } }

  /// Everything in the text format, version 0.0.4, sorted by name.
  package var text: String {
    let (families, help) = state.withLock { ($0.families, $0.help) }
    var text = PrometheusText()
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      text.append(name, family, help: help[name])
    }
    return text.content
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions, .counter) { CounterSeries() }
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, dimensions, .counter) { CounterSeries() }
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions, .gauge) { GaugeSeries() }
  }

  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    guard aggregate else { return series(label, dimensions, .gauge) { GaugeSeries() } }
    return series(label, dimensions, .histogram) { HistogramSeries(bounds: Self.buckets) }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions, .histogram) { HistogramSeries(bounds: Self.buckets) }
  }

  package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
  package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

  /// The series of this name and these labels, the same one for all who ask.
  private func series<Series: PrometheusSeries>(
    _ label: String, _ dimensions: [(String, String)], _ kind: Kind, make: () -> Series
  ) -> Series {
    let labels = Labels(dimensions)
    return state.withLock { state in
      let family = state.families[label] ?? Family(kind: kind)
      guard family.kind == kind else { return make() }
      if let known = family.series[labels] as? Series { return known }
      let series = make()
      state.families[label] = family
      state.families[label]?.series[labels] = series
      return series
    }
  }

  private func remove(_ handler: AnyObject) {
    state.withLock { state in
      state.families = state.families.mapValues { family in
        Family(kind: family.kind, series: family.series.filter { $0.value !== handler })
      }
    }
  }
}
