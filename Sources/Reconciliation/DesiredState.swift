import Foundation
import JSON

/// What the manifests ask for.
package struct DesiredState: Sendable {
  /// In the order of kind and name, so that nothing depends on the order of files.
  package var resources: [DesiredResource]
  /// By name. With no `Endpoint` document this holds the embedded directory alone.
  package var endpoints: [EndpointDeclaration]
  /// By name.
  package var policies: [Policy]
  /// By name.
  package var notifications: [NotificationDeclaration] = []

  package init(resources: [DesiredResource], endpoints: [EndpointDeclaration], policies: [Policy] = []) {
    self.resources = resources
    self.endpoints = endpoints
    self.policies = policies
  }

  package var identityProviders: [DesiredResource] { resources.filter { $0.key.kind == "IdentityProvider" } }
}

/// One resource as a manifest describes it, the same for every endpoint.
package struct DesiredResource: Sendable {
  package var key: ResourceKey
  package var labels: [String: String]
  /// The managed attributes, spelled as in the schema, extensions below their URN. An explicit `null` clears. A reference
  /// to another manifest stands as `bulkId:Kind/name` (see ``ResourceKey/bulkId``) in the `value` of its attribute.
  /// Members and secrets are not in here.
  package var attributes: JSONObject
  /// Values that only the apply reads: attribute path (`password`) to where the secret is.
  package var secrets: [String: SecretReference]
  /// Where the manifest speaks of each of them, by the same paths.
  package var secretLocations: [String: SourceLocation] = [:]
  /// Whether a write-only value is set again when its source changes; otherwise it is set at creation only.
  package var rotatesSecrets: Bool
  @Rare package var members: DesiredMembers?
  package var lifecycle: Lifecycle
  /// What the controller does about its drift; nil for what the endpoint says.
  package var drift: EndpointDeclaration.DriftPolicy?
  /// Earlier values of the naming attribute, for matching.
  package var previously: [String]
  /// Where the document starts.
  package var location: SourceLocation

  package init(
    key: ResourceKey, labels: [String: String] = [:], attributes: JSONObject, secrets: [String: SecretReference] = [:],
    rotatesSecrets: Bool = false, members: DesiredMembers? = nil, lifecycle: Lifecycle = Lifecycle(),
    previously: [String] = [], location: SourceLocation
  ) {
    self.key = key
    self.labels = labels
    self.attributes = attributes
    self.secrets = secrets
    self.rotatesSecrets = rotatesSecrets
    self.members = members
    self.lifecycle = lifecycle
    self.previously = previously
    self.location = location
  }
}

/// Who belongs to a group or a role, selectors already resolved.
package struct DesiredMembers: Hashable, Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    /// Exactly these.
    case exact = "Exact"
    /// These, and whoever else is there.
    case atLeast = "AtLeast"
    /// Nobody but these; whoever is missing is not added.
    case atMost = "AtMost"
    /// Shown, never changed.
    case observe = "Observe"
  }

  package struct Reference: Hashable, Sendable {
    package var key: ResourceKey
    /// The ends of time where there is no bound: a large organisation has a million memberships, and an optional takes
    /// twice the memory.
    private var start: Date
    private var end: Date

    /// The membership holds in `from ..< until`; nil is unbounded.
    package init(_ key: ResourceKey, from: Date? = nil, until: Date? = nil) {
      self.key = key
      start = from ?? .distantPast
      end = until ?? .distantFuture
    }

    package var from: Date? { start == .distantPast ? nil : start }
    package var until: Date? { end == .distantFuture ? nil : end }

    package func isDue(at now: Date) -> Bool { start <= now && now < end }
  }

  package var mode: Mode
  /// Each key once, sorted.
  package var references: [Reference]
  /// Whether an empty list may empty the group.
  package var allowsEmpty: Bool
  /// The labels that users were chosen by, besides those who are named; empty when nobody was.
  package var selector: [String: String] = [:]
  /// Who is named, where others were chosen as well; nil where everybody is.
  package var named: Set<ResourceKey>?

  package init(mode: Mode = .exact, references: [Reference], allowsEmpty: Bool = false) {
    self.mode = mode
    self.references = references
    self.allowsEmpty = allowsEmpty
  }

  package func isNamed(_ key: ResourceKey) -> Bool { named?.contains(key) ?? true }
}

/// From when to when a resource lives, and what its removal from the manifests means.
package struct Lifecycle: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    case active = "Active", disabled = "Disabled", absent = "Absent"
  }
  package enum Removal: String, Sendable, CaseIterable {
    case disable = "Disable", disableThenDelete = "DisableThenDelete", delete = "Delete", orphan = "Orphan"
  }

  package var state: State
  package var startsAt: Date?
  package var endsAt: Date?
  package var onRemoval: Removal
  /// How long a removed resource stays disabled before it is deleted, in seconds.
  package var grace: TimeInterval

  package init(
    state: State = .active, startsAt: Date? = nil, endsAt: Date? = nil, onRemoval: Removal = .disableThenDelete,
    grace: TimeInterval = 30 * 86_400
  ) {
    self.state = state
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.onRemoval = onRemoval
    self.grace = grace
  }
}
