import Foundation
import JSON
import SCIM

/// What was seen at one endpoint, and whether it was all of it.
package struct Observation: Sendable {
  /// Whether a listing was read to its end. An incomplete one can never justify a removal.
  package enum Completeness: Hashable, Sendable {
    case complete
    case incomplete(reason: String)

    package var isComplete: Bool { self == .complete }
  }

  /// All resources of one type.
  package struct Listing: Sendable {
    package var resources: [Resource]
    package var completeness: Completeness
    /// What the endpoint said that there are; nil when it did not say.
    package var totalResults: Int?
    /// How many pages were read.
    package var pages: Int

    package init(
      resources: [Resource], completeness: Completeness = .complete, totalResults: Int? = nil, pages: Int = 1
    ) {
      self.resources = resources
      self.completeness = completeness
      self.totalResults = totalResults
      self.pages = pages
    }
  }

  package var endpoint: String
  package var capabilities: Capabilities
  /// By resource type name.
  package var listings: [String: Listing]
  /// The user whose credentials we use there, as far as the driver knows it: never to be removed.
  package var ownUserName: String?
  /// How long the read took, in seconds.
  package var duration: TimeInterval

  package init(
    endpoint: String, capabilities: Capabilities, listings: [String: Listing], ownUserName: String? = nil,
    duration: TimeInterval = 0
  ) {
    self.endpoint = endpoint
    self.capabilities = capabilities
    self.listings = listings
    self.ownUserName = ownUserName
    self.duration = duration
  }

  package var completeness: Completeness {
    listings.sorted { $0.key < $1.key }.map(\.value.completeness).first { !$0.isComplete } ?? .complete
  }
}
