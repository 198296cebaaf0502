import Foundation
import Reconciliation

/// Holds the leases of endpoints while a run works at them: takes them, renews them in the background, gives them back.
///
/// A run that cannot renew is told to stop while a quarter of the lease is left: what it has sent by then has time to end
/// before another may take over. Whatever it writes afterwards, the storage refuses by the lease's token.
package struct LeaseKeeper: Sendable {
  /// What a run works with as long as it holds its leases.
  package struct Held: Sendable {
    package var leases: [Lease]
    /// Refuses what is written after another has taken over.
    package var storage: any LedgerStorage
    /// Raised with the outer signal, and when the leases are lost or cannot be renewed.
    package var stop: StopSignal
  }

  /// How long a lease lasts without being renewed.
  package static let usualDuration = Duration.seconds(60)

  private let storage: any StateStorage
  private let holder: LeaseHolder
  private let duration: Duration
  private let isGone: @Sendable (LeaseHolder) -> Bool
  private let sleep: @Sendable (Duration) async throws -> Void

  /// - Parameters:
  ///   - holder: one for each keeper; two with the same id would take each other for gone.
  ///   - isGone: whether a holder has ended without giving its leases back.
  ///   - sleep: waits; throws when the task is cancelled.
  package init(
    storage: any StateStorage, holder: LeaseHolder, duration: Duration = usualDuration,
    isGone: @escaping @Sendable (LeaseHolder) -> Bool = ProcessIdentity.hasEnded,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.storage = storage
    self.holder = holder
    self.duration = duration
    self.isGone = isGone
    self.sleep = sleep
  }

  /// Runs the body while the endpoints are ours.
  /// - Parameters:
  ///   - patience: how long to wait for others.
  ///   - stop: ends the waiting as well.
  /// - Throws: `LeaseError.held`, what the storage throws while the leases are taken, and what the body throws.
  package func holding<Value>(
    _ endpoints: [String], waiting patience: Duration = .zero, until stop: StopSignal,
    _ body: (Held) async throws -> Value
  ) async throws -> Value {
    let leases = try await acquire(endpoints, waiting: patience, until: stop)
    let held = Held(
      leases: leases, storage: storage.ledgers(under: leases), stop: StopSignal(following: stop))
    do {
      let value = try await whileRenewing(held, body)
      await release(leases)
      return value
    } catch {
      await release(leases)
      throw error
    }
  }

  private func acquire(
    _ endpoints: [String], waiting patience: Duration, until stop: StopSignal
  ) async throws -> [Lease] {
    var left = patience
    while true {
      do {
        return try await storage.acquire(endpoints, for: holder, lasting: duration, evicting: isGone)
      } catch let error as LeaseError {
        guard left > .zero, !stop.isRaised else { throw error }
        let pause = min(left, .milliseconds(500))
        left -= pause
        try await sleep(pause)
      }
    }
  }

  /// What cannot be given back runs out by itself.
  private func release(_ leases: [Lease]) async { try? await storage.release(leases) }

  /// Renewing ends with the body.
  private func whileRenewing<Value>(_ held: Held, _ body: (Held) async throws -> Value) async throws -> Value {
    async let _: Void = renew(held)
    return try await body(held)
  }

  // MARK: Renewing

  private enum Event: Sendable {
    /// It is time to renew.
    case due
    case renewed(Int)
    case failed
    case lost(endpoint: String)
    /// So much time has passed since this renewal was asked for that its lease will soon run out.
    case fading(Int)
    case cancelled
  }

  /// Counts renewals; the lease as it was taken is number 0. Time is counted from before each was asked for, so that a
  /// slow answer makes ours the shorter reckoning.
  private func renew(_ held: Held) async {
    guard !held.leases.isEmpty else { return }
    await withTaskGroup(of: Event.self) { group in
      var latest = 0
      var asked = 0
      group.addTask { await event(.fading(0), after: duration * 3 / 4) }
      group.addTask { await event(.due, after: duration / 4) }
      for await event in group {
        switch event {
        case .due:
          asked += 1
          group.addTask { [asked] in await self.event(.fading(asked), after: duration * 3 / 4) }
          group.addTask { [asked] in await attempt(asked, held.leases) }
        case .renewed(let number):
          latest = number
          group.addTask { await self.event(.due, after: duration / 4) }
        case .failed: group.addTask { await self.event(.due, after: duration / 20) }
        case .lost(let endpoint):
          held.stop.raise(because: "another run has taken over \(endpoint)")
          group.cancelAll()
        case .fading(latest):
          held.stop.raise(because: "the lease could not be renewed in time")
        case .fading, .cancelled: break
        }
      }
    }
  }

  private func event(_ event: Event, after delay: Duration) async -> Event {
    do {
      try await sleep(delay)
      return event
    } catch {
      return .cancelled
    }
  }

  private func attempt(_ number: Int, _ leases: [Lease]) async -> Event {
    do {
      _ = try await storage.renew(leases, lasting: duration)
      return .renewed(number)
    } catch LeaseError.lost(let endpoint) {
      return .lost(endpoint: endpoint)
    } catch {
      return .failed
    }
  }
}
