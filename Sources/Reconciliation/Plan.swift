import Foundation
import JSON

/// Everything that one run would do, as data: the same inputs give the same bytes.
package struct Plan: Hashable, Sendable {
  /// By endpoint name.
  package var endpoints: [EndpointPlan] {
    didSet { knownHash = KnownHash() }
  }
  /// What ``hash`` is, once somebody has asked.
  private(set) var knownHash = KnownHash()

  package init(endpoints: [EndpointPlan]) { self.endpoints = endpoints }

  package var changes: [Change] { endpoints.flatMap(\.changes) }
  package var isEmpty: Bool { endpoints.allSatisfy(\.changes.isEmpty) }
  package var summary: PlanSummary { endpoints.reduce(into: PlanSummary()) { $0 += $1.summary } }

  /// Whether an endpoint among these holds identity providers that it was read for.
  package var keepsIdentityProviders: Bool {
    endpoints.contains { $0.reads.contains { $0.resourceType == "IdentityProvider" } }
  }
}

extension Plan {
  /// The plan without the endpoints that depend on these, directly or through others, and the names of those left out.
  package func leavingOut(dependantsOf names: Set<String>) -> (plan: Plan, left: [String]) {
    var missing = names
    var left: [String] = []
    var rest = endpoints
    while let index = rest.firstIndex(where: { !missing.isDisjoint(with: $0.dependsOn) }) {
      let endpoint = rest.remove(at: index).endpoint
      missing.insert(endpoint)
      left.append(endpoint)
    }
    return (Plan(endpoints: rest), left)
  }
}

/// The part of a plan that concerns one endpoint.
package struct EndpointPlan: Hashable, Sendable {
  /// Read, in numbers, by resource type.
  package struct Read: Hashable, Sendable {
    package var resourceType: String
    package var read: Int
    package var total: Int?
    package var completeness: Observation.Completeness
  }

  /// A removal, or a change to a doubtful match, that is not made, and why.
  package struct Withheld: Hashable, Sendable {
    package var key: ResourceKey
    package var situation: Situation
    package var reason: String
    package var source: SourceLocation?
    /// What differs all the same, where the read leaves no doubt of it.
    package var attributes: [AttributeChange] = []

    package init(
      key: ResourceKey, situation: Situation, reason: String, source: SourceLocation?,
      attributes: [AttributeChange] = []
    ) {
      self.key = key
      self.situation = situation
      self.reason = reason
      self.source = source
      self.attributes = attributes
    }
  }

  package var endpoint: String
  package var driver: EndpointDeclaration.Driver
  package var reads: [Read]
  /// Users first, then what refers to them; removals last and reversed.
  package var changes: [Change]
  /// Found and equal, or found and about to be changed: taken into the ledger, without a write to the endpoint.
  package var adoptions: [Ledger.Entry]
  /// Entries whose resource is gone or no longer ours: dropped from the ledger.
  package var forgotten: [ResourceKey]
  package var withheld: [Withheld]
  /// What the ledger links and is not there any more: it is created anew, or forgotten. Sorted.
  package var missing: [ResourceKey] = []
  /// Live, and no manifest speaks of them: shown by drift, never touched.
  package var foreign: [ForeignResource]
  /// What this endpoint cannot hold, said once.
  package var limitations: [String]
  /// How many live resources of each type we manage there: what shares are counted against.
  package var managed: [String: Int]
  /// For each group with removals: how many members it has now.
  package var memberCounts: [ResourceKey: Int]
  package var safety: SafetyLimits
  package var limits: EndpointDeclaration.Limits
  /// The account we log in with there.
  package var ownUserName: String?
  package var situations: EndpointDeclaration.Situations
  /// How many resources the manifests ask for there, whatever the selection.
  package var desiredCount: Int
  /// How many the ledger says are ours.
  package var ownedCount: Int
  /// The keys of changes that take something from a resource which `safety.protect` names, sorted.
  package var protected: [ResourceKey]
  /// The groups and roles of administrators, when `safety.minAdmins` watches them.
  package var administrators: [AdministratorGroup]
  /// Who gains and who loses what.
  package var accessChanges: [AccessChange]
  /// When the resources that differ were last changed there, as far as the endpoint says so; by whom, none says.
  package var modified: [ResourceKey: Date] = [:]
  /// What it would do to identities that a policy protects.
  package var protectionBreaches: [ProtectionBreach]
  /// Who would come into the groups of a tier.
  package var privilegedGains: [PrivilegedGain]
  /// The endpoints that must be as the manifests ask before this one is written to, sorted.
  package var dependsOn: [String]

  package init(endpoint: String, driver: EndpointDeclaration.Driver) {
    self.endpoint = endpoint
    self.driver = driver
    reads = []
    changes = []
    adoptions = []
    forgotten = []
    withheld = []
    foreign = []
    limitations = []
    managed = [:]
    memberCounts = [:]
    safety = SafetyLimits()
    limits = EndpointDeclaration.Limits()
    situations = EndpointDeclaration.Situations()
    desiredCount = 0
    ownedCount = 0
    protected = []
    administrators = []
    accessChanges = []
    protectionBreaches = []
    privilegedGains = []
    dependsOn = []
  }

  package var summary: PlanSummary {
    var summary = PlanSummary(withheld: withheld.count)
    for change in changes { summary.count(change.action) }
    return summary
  }
}

/// A live resource that is not ours.
package struct ForeignResource: Hashable, Sendable {
  package var resourceType: String
  package var id: String
  /// Its userName or displayName.
  package var name: String
  /// When it was last changed, if the endpoint says so.
  package var modified: Date?
}

/// A group or role of administrators, by ids: references to resources of the same run stand as `bulkId:`.
package struct AdministratorGroup: Hashable, Sendable {
  package var key: ResourceKey
  package var before: [String]
  package var after: [String]
}

/// One person, or one group, that comes into a group or role or leaves it.
package struct AccessChange: Hashable, Sendable {
  /// As members are named in a change.
  package var member: String
  /// The displayName, where there is one.
  package var group: String
  package var groupKey: ResourceKey
  package var gains: Bool
  package var endpoint: String
  /// When a membership that is gained ends again, or when one that is lost has ended by the manifests.
  package var until: Date?
}
