import Foundation
import HummingbirdCore
import Reconciliation

/// How the endpoints fare, as it changes, for browsers that run scripts.
struct LiveEndpoints {
  static let path = "\(ConsoleService.path)/live"

  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  func response() async throws -> Response {
    try await visit.withControllers { state in
      let now = visit.surroundings.now
      let drift = RecentDrift(state)
      return LiveTexts.response {
        let time = now()
        let memories = try await drift.memories(at: time)
        return try await state.statuses(at: time, drift: memories).flatMap { status in
          EndpointContent.texts(status, now: time).map { part, text in ("\(status.endpoint) \(part)", text) }
        }
      }
    }
  }
}

/// What is remembered of drift, read anew only now and then: there may be many findings, and a page asks every second.
private actor RecentDrift {
  /// In seconds.
  private static let interval: TimeInterval = 5

  private let state: ControllerState
  private var latest: (time: Date, memories: [String: DriftMemory])?

  init(_ state: ControllerState) { self.state = state }

  func memories(at now: Date) async throws -> [String: DriftMemory] {
    if let latest, now.timeIntervalSince(latest.time) < Self.interval { return latest.memories }
    let memories = try await state.storage.driftMemories()
    latest = (now, memories)
    return memories
  }
}
