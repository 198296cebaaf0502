import Reconciliation

/// Which change of a plan may run next: no tasks, no clock, only the order.
///
/// A change is ready when everything it depends on has been applied; what depends on a failure is skipped because of
/// it. Every change gets exactly one outcome.
struct ExecutionSchedule {
  private let changes: [Change]
  private var waitingFor: [Int]
  private var dependants: [Int: [Int]] = [:]
  private var ready: [Int]
  private var nextReady = 0
  private(set) var outcomes: [Outcome?]
  private(set) var finishedCount = 0

  init(_ changes: [Change]) {
    self.changes = changes
    // A key can stand twice (create, and an update that closes a circle): a dependency means its first change.
    let index = Dictionary(changes.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    waitingFor = Array(repeating: 0, count: changes.count)
    outcomes = Array(repeating: nil, count: changes.count)
    for (position, change) in changes.enumerated() {
      let needed = Set(change.dependencies.compactMap { index[$0] }).subtracting([position])
      waitingFor[position] = needed.count
      for dependency in needed { dependants[dependency, default: []].append(position) }
    }
    ready = changes.indices.filter { [waitingFor] in waitingFor[$0] == 0 }
  }

  /// Changes that are ready and have not been handed out, in the plan's order.
  mutating func takeReady(atMost count: Int) -> [Int] {
    let end = min(nextReady + count, ready.count)
    defer { nextReady = end }
    return Array(ready[nextReady..<end])
  }

  mutating func finish(_ position: Int, _ outcome: Outcome) {
    guard record(outcome, at: position) else { return }
    guard case .applied = outcome else { return skipDependants(of: position) }
    for dependant in dependants[position] ?? [] {
      waitingFor[dependant] -= 1
      if waitingFor[dependant] == 0, outcomes[dependant] == nil { ready.append(dependant) }
    }
  }

  /// Gives every change that has none yet this outcome, except those that run.
  mutating func abandon(_ outcome: Outcome, except running: Set<Int> = []) {
    for position in changes.indices where outcomes[position] == nil && !running.contains(position) {
      record(outcome, at: position)
    }
    nextReady = ready.count
  }

  /// - Returns: whether the change had no outcome before.
  @discardableResult
  private mutating func record(_ outcome: Outcome, at position: Int) -> Bool {
    guard outcomes[position] == nil else { return false }
    outcomes[position] = outcome
    finishedCount += 1
    return true
  }

  private mutating func skipDependants(of failed: Int) {
    var pending = dependants[failed] ?? []
    while let position = pending.popLast() {
      guard record(.skipped(because: changes[failed].key), at: position) else { continue }
      pending += dependants[position] ?? []
    }
  }
}
