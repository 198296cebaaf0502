import Foundation

/// Keys that wait for work, each with the moment it falls due. A key is never worked on twice at once; one that is
/// added while it runs falls due again afterwards. No clock, no tasks.
package struct WorkQueueState {
  private var due: [String: Date] = [:]
  private var running: Set<String> = []

  package init() {}

  /// Makes the key due at this moment, or earlier if it was due earlier.
  package mutating func add(_ key: String, at time: Date) {
    due[key] = min(due[key] ?? time, time)
  }

  /// Makes the key due at this moment, whatever it was before.
  package mutating func set(_ key: String, at time: Date) { due[key] = time }

  /// When the key falls due; nil while it does not wait.
  package func due(_ key: String) -> Date? { due[key] }

  package func isRunning(_ key: String) -> Bool { running.contains(key) }

  /// Whether nothing is being worked on.
  package var isIdle: Bool { running.isEmpty }

  /// The keys that are due and not running, those first that have been due longest.
  package func ready(at now: Date) -> [String] {
    due.filter { $0.value <= now && !running.contains($0.key) }
      .sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// The key that has been due longest and is not running; it runs until `finish`.
  package mutating func next(at now: Date) -> String? {
    guard let key = ready(at: now).first else { return nil }
    start(key)
    return key
  }

  /// Works on this key from now until `finish`.
  package mutating func start(_ key: String) {
    due[key] = nil
    running.insert(key)
  }

  package mutating func finish(_ key: String) { running.remove(key) }

  /// Forgets every waiting key that is not among these.
  package mutating func keep(only keys: Set<String>) { due = due.filter { keys.contains($0.key) } }
}

/// How long to wait after failures: twice as long each time, within bounds.
package struct Backoff: Sendable {
  /// In seconds.
  package var first: TimeInterval
  /// In seconds.
  package var longest: TimeInterval

  package init(first: TimeInterval = 5, longest: TimeInterval = 300) {
    self.first = first
    self.longest = longest
  }

  /// - Parameter failures: how many there were in a row, at least 1.
  package func delay(afterFailures failures: Int) -> TimeInterval {
    min(longest, first * pow(2, Double(min(failures, 32) - 1)))
  }
}
