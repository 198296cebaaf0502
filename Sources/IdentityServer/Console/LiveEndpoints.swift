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
      return LiveTexts.response {
        try await state.statuses().flatMap { status in
          EndpointContent.texts(status, now: now()).map { part, text in ("\(status.endpoint) \(part)", text) }
        }
      }
    }
  }
}
