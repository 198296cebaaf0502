import Foundation
import LocalDirectory

/// Keeps a connector ours for as long as a piece of work takes.
struct Lease {
  private let connector: String
  private let surroundings: ProvisioningSurroundings

  init(_ connector: String, _ surroundings: ProvisioningSurroundings) {
    self.connector = connector
    self.surroundings = surroundings
  }

  /// Runs the body and renews the lease meanwhile. Should it be lost all the same, what the body did cannot be recorded,
  /// and whoever has it now finds out by comparing.
  func kept<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        await renew()
        return nil
      }
      defer { group.cancelAll() }
      while let value = try await group.next() {
        if let value { return value }
      }
      throw CancellationError()
    }
  }

  /// Until the task is cancelled or the lease is another's.
  private func renew() async {
    let duration = surroundings.times.lease
    while (try? await Task.sleep(for: .seconds(duration / 3))) != nil {
      let now = surroundings.now()
      let state = try? await surroundings.store.lease(
        connector, to: surroundings.owner, until: now.addingTimeInterval(duration), now: now)
      if state == .some(nil) { return }
    }
  }
}
