import Endpoints
import JSON
import Reconciliation
import SCIM

/// Carries out the changes of a plan in their order, those that need not wait for one another side by side.
struct ChangeRun {
  /// What became of one change.
  enum Result: Sendable {
    /// Done; what is known of the resource now, nil after a delete.
    case applied(Ledger.Entry?)
    case failed(EndpointError)
    /// Not tried, because of this resource.
    case skipped(because: ResourceKey)
  }

  let endpoint: any Endpoint
  let catalog: SchemaCatalog
  /// How many changes are made at once.
  let width: Int
  /// Whether an error concerns the endpoint as a whole, so that nothing else need be tried.
  let isFatal: @Sendable (EndpointError) -> Bool

  private let changes: [Change]
  /// For each change, the earlier ones that it depends on.
  private let needed: [[Int]]
  private var results: [Result?]
  /// The ids of what was there before, and of what this run made.
  private var ids: [ResourceKey: String]
  private(set) var fatal: EndpointError?

  init(
    _ changes: [Change], at endpoint: any Endpoint, _ catalog: SchemaCatalog, width: Int, ids: [ResourceKey: String],
    isFatal: @escaping @Sendable (EndpointError) -> Bool
  ) {
    self.changes = changes
    self.endpoint = endpoint
    self.catalog = catalog
    self.width = max(width, 1)
    self.ids = ids
    self.isFatal = isFatal
    results = Array(repeating: nil, count: changes.count)
    var positions: [ResourceKey: [Int]] = [:]
    needed = changes.indices.map { position in
      defer { positions[changes[position].key, default: []].append(position) }
      return Set(changes[position].dependencies).flatMap { positions[$0] ?? [] }
    }
  }

  /// - Returns: the result of each change, nil for those that a fatal error left untried.
  mutating func run() async -> [(change: Change, result: Result?)] {
    while fatal == nil, !skipDependants().isEmpty {
      for (position, result) in await wave(ready) { note(result, at: position) }
    }
    return Array(zip(changes, results)).map { (change: $0, result: $1) }
  }

  /// The changes whose turn it is, after those that will never have one are settled.
  private mutating func skipDependants() -> [Int] {
    for position in changes.indices where results[position] == nil {
      guard let cause = needed[position].first(where: { results[$0].map(\.isFailure) ?? false }) else { continue }
      results[position] = .skipped(because: changes[cause].key)
    }
    return ready
  }

  private var ready: [Int] {
    changes.indices.filter { position in
      results[position] == nil && needed[position].allSatisfy { results[$0] != nil }
    }
  }

  private func wave(_ positions: [Int]) async -> [(Int, Result)] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var waiting = positions.makeIterator()
      var results: [(Int, Result)] = []
      func startNext() {
        guard let position = waiting.next() else { return }
        let (change, ids) = (changes[position], ids)
        group.addTask { [endpoint, catalog] in
          (position, await ChangeCall(endpoint: endpoint, catalog: catalog, ids: ids).result(of: change))
        }
      }
      for _ in 0..<width { startNext() }
      for await result in group {
        results.append(result)
        if case .failed(let error) = result.1, isFatal(error) { waiting = [].makeIterator() }
        startNext()
      }
      return results
    }
  }

  private mutating func note(_ result: Result, at position: Int) {
    results[position] = result
    if case .applied(let entry?) = result { ids[entry.key] = entry.remoteID }
    if case .failed(let error) = result, isFatal(error) {
      fatal = fatal ?? error
      results[position] = nil
    }
  }
}

extension ChangeRun.Result {
  fileprivate var isFailure: Bool { if case .applied = self { false } else { true } }
}
