import CoreMetrics
import Synchronization

/// One line of the text format before its labels are written.
struct PrometheusSample: Hashable, Sendable {
  /// What is added to the name of the metric: `_bucket`, `_sum`, or nothing.
  var suffix = ""
  /// The upper bound of a bucket, infinity for the last.
  var bound: Double?
  var value: Double
}

/// What is counted or measured under one name and one set of labels.
protocol PrometheusSeries: AnyObject, Sendable {
  /// What it is now.
  var samples: [PrometheusSample] { get }
}

/// Only ever rises; what would lower it is left out.
final class CounterSeries: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
  private let total = Mutex(0.0)

  var samples: [PrometheusSample] { [PrometheusSample(value: total.withLock(\.self))] }

  func increment(by amount: Int64) { increment(by: Double(amount)) }

  func increment(by amount: Double) {
    guard amount > 0 else { return }
    total.withLock { $0 += amount }
  }

  /// To what somebody else has counted; a lower count is left out.
  func raise(to count: Double) { total.withLock { $0 = max($0, count) } }

  func reset() { total.withLock { $0 = 0 } }
}

/// A value that rises and falls.
final class GaugeSeries: PrometheusSeries, MeterHandler, RecorderHandler {
  private let current = Mutex(0.0)

  var samples: [PrometheusSample] { [PrometheusSample(value: current.withLock(\.self))] }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { current.withLock { $0 = value } }
  func increment(by amount: Double) { current.withLock { $0 += amount } }
  func decrement(by amount: Double) { current.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
}

/// How often a value fell below each of some bounds; durations are in seconds.
final class HistogramSeries: PrometheusSeries, TimerHandler, RecorderHandler {
  private struct State {
    /// How many fell between a bound and the one before; the last element is for those above all bounds.
    var counts: [UInt64]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  /// - Parameter bounds: rising.
  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  /// The buckets count whatever is not above their bound, so each holds all before it.
  var samples: [PrometheusSample] {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    var total: UInt64 = 0
    var samples: [PrometheusSample] = []
    for (bound, count) in zip(bounds + [.infinity], counts) {
      total += count
      samples.append(PrometheusSample(suffix: "_bucket", bound: bound, value: Double(total)))
    }
    samples.append(PrometheusSample(suffix: "_sum", value: sum))
    samples.append(PrometheusSample(suffix: "_count", value: Double(total)))
    return samples
  }
}
