import Endpoints
import Foundation
import Reconciliation

/// What the loop remembers between events; no clock, no tasks.
struct LoopState {
  private var queue = WorkQueueState()
  private var desired: DesiredState?
  private var failures: [String: Int] = [:]
  private let backoff = Backoff()

  /// Takes a new desired state in: every endpoint is due at once.
  mutating func take(_ desired: DesiredState, at now: Date) {
    self.desired = desired
    let names = Set(desired.endpoints.map(\.name))
    queue.keep(only: names)
    failures = failures.filter { names.contains($0.key) }
    for name in names { queue.add(name, at: now) }
  }

  /// The endpoint that has been due longest, with what is desired there; it runs until `finish`.
  mutating func next(at now: Date) -> (EndpointDeclaration, DesiredState)? {
    guard let desired, let name = queue.next(at: now), let declaration = declaration(of: name) else { return nil }
    return (declaration, desired)
  }

  /// Sets the next pass: after the interval, give or take a tenth; sooner after what may pass by.
  /// - Parameter random: between 0 and 1.
  mutating func finish(_ name: String, _ result: PassResult, at now: Date, random: Double) {
    queue.finish(name)
    guard let declaration = declaration(of: name) else { return }
    guard result.isTransient else {
      failures[name] = nil
      return queue.add(name, at: now + declaration.interval * (0.9 + random / 5))
    }
    let count = failures[name, default: 0] + 1
    failures[name] = count
    let delay = min(backoff.delay(afterFailures: count), declaration.interval)
    queue.add(name, at: now + delay * (0.5 + random / 2))
  }

  private func declaration(of name: String) -> EndpointDeclaration? { desired?.endpoints.first { $0.name == name } }
}
