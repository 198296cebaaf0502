import Foundation

/// What became of one change.
package enum Outcome: Hashable, Sendable {
  case applied(remoteID: String)
  /// The endpoint refused; the text has no secrets.
  case failed(reason: String)
  /// Not tried, because of this change.
  case skipped(because: ResourceKey)
  /// The resource changed since the plan was made; the next pass sees it anew.
  case stale
  /// The run was interrupted before this change.
  case cancelled
}

/// What became of a plan at one endpoint.
package struct EndpointSummary: Sendable {
  package struct Result: Sendable {
    package var change: Change
    package var outcome: Outcome

    package init(change: Change, outcome: Outcome) {
      self.change = change
      self.outcome = outcome
    }
  }

  package var endpoint: String
  package var results: [Result]

  package init(endpoint: String, results: [Result]) {
    self.endpoint = endpoint
    self.results = results
  }
}

/// What became of one pass.
package struct RunSummary: Sendable {
  package var run: String
  package var endpoints: [EndpointSummary]
  /// In seconds.
  package var duration: TimeInterval

  package init(run: String, endpoints: [EndpointSummary], duration: TimeInterval) {
    self.run = run
    self.endpoints = endpoints
    self.duration = duration
  }

  package var results: [EndpointSummary.Result] { endpoints.flatMap(\.results) }
}
