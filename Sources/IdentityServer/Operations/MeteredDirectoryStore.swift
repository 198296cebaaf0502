import CoreMetrics
import LocalDirectory
import Prometheus

/// A store whose transactions are counted and timed.
package struct MeteredDirectoryStore: DirectoryStore {
  private let store: any DirectoryStore
  private let reads: Meters
  private let writes: Meters

  private struct Meters: Sendable {
    let duration: Timer
    let failures: Counter

    init(_ kind: String, _ registry: PrometheusRegistry) {
      duration = Timer(
        label: "rollcall_store_transaction_duration_seconds", dimensions: [("kind", kind)], factory: registry)
      failures = Counter(
        label: "rollcall_store_transactions_failed_total", dimensions: [("kind", kind)], factory: registry)
    }

    func measure<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
      let start = ContinuousClock.now
      defer { duration.recordNanoseconds((ContinuousClock.now - start).nanoseconds) }
      do {
        return try await work()
      } catch {
        // What a transaction refuses by itself, such as a name that is taken, is no failure of the store.
        if error is any PassingFailure { failures.increment() }
        throw error
      }
    }
  }

  package init(_ store: any DirectoryStore, _ metrics: ServerMetrics) {
    self.store = store
    reads = Meters("read", metrics.registry)
    writes = Meters("write", metrics.registry)
  }

  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try await reads.measure { try await store.read(body) }
  }

  package func walk<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try await reads.measure { try await store.walk(body) }
  }

  package func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value {
    try await writes.measure { try await store.write(body) }
  }
}
