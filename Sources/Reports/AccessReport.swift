import Foundation
import Reconciliation

/// How somebody comes to have access, by the manifests and at endpoints: one value for text and JSON.
package struct AccessReport: Sendable {
  /// Who made a membership at an endpoint, as our journal tells it, or the audit there.
  package struct Addition: Hashable, Sendable {
    package var endpoint: String
    package var memberID: String
    package var containerID: String
    package var time: Date
    /// `user:admin`, `command:ada`; who ran the command, or what a CI system names.
    package var actor: String
    /// The run that did it, and the commit of its manifests; nil when the journal does not know of it.
    package var run: String?
    package var commit: String?

    package init(
      endpoint: String, memberID: String, containerID: String, time: Date, actor: String, run: String? = nil,
      commit: String? = nil
    ) {
      self.endpoint = endpoint
      self.memberID = memberID
      self.containerID = containerID
      self.time = time
      self.actor = actor
      self.run = run
      self.commit = commit
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
