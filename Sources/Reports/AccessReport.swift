import Foundation
import Reconciliation

/// How somebody comes to have access, by the manifests and at endpoints: one value for text and JSON.
package struct AccessReport: Sendable {
  /// Who made a membership at an endpoint, as its audit tells it.
  package struct Addition: Hashable, Sendable {
    package var endpoint: String
    package var memberID: String
    package var containerID: String
    package var time: Date
    /// `user:admin`, `command:ada`.
    package var actor: String

    package init(endpoint: String, memberID: String, containerID: String, time: Date, actor: String) {
      self.endpoint = endpoint
      self.memberID = memberID
      self.containerID = containerID
      self.time = time
      self.actor = actor
    }
  }

  package var member: ResourceKey
  /// Where its manifest stands.
  package var source: SourceLocation
  /// Why its account is not to be active now.
  package var inactive: String?
  /// The group or role that was asked about, as it was written; nil for all.
  package var target: String?
  package var ways: [AccessWay]
  package var endpoints: [AccessThere] = []
  package var additions: [Addition] = []
  package var unreachable: [Report.Unreachable] = []
  package var now: Date

  package init(
    member: ResourceKey, source: SourceLocation, inactive: String? = nil, target: String? = nil, ways: [AccessWay],
    now: Date
  ) {
    self.member = member
    self.source = source
    self.inactive = inactive
    self.target = target
    self.ways = ways
    self.now = now
  }

  /// Whether the manifests give what was asked about now: one group, or any at all.
  package var isGiven: Bool { inactive == nil && ways.contains { $0.leads(at: now) } }

  package func text(_ style: TextStyle = .plain) -> String {
    AccessText(report: self).lines.map { $0.rendered(style) + "\n" }.joined()
  }

  func addition(_ holding: AccessThere.Holding, at endpoint: String) -> Addition? {
    additions.last {
      $0.endpoint == endpoint && $0.memberID == holding.memberID && $0.containerID == holding.containerID
    }
  }
}
