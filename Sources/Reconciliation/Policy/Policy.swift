import SCIM

/// A `Policy` manifest: rules over the other manifests, and over what a plan may do with them.
///
/// Every rule knows where it stands, so that whoever breaks it can be shown.
package struct Policy: Sendable {
  /// An identity that no plan may disable, delete, rename or take out of administrators' groups.
  package struct Protection: Hashable, Sendable {
    package var key: ResourceKey
    package var location: SourceLocation

    package init(_ key: ResourceKey, at location: SourceLocation) {
      self.key = key
      self.location = location
    }
  }

  /// Groups and roles of which nobody may be in more than one.
  package struct Separation: Hashable, Sendable {
    package var groups: [ResourceKey]
    package var location: SourceLocation

    package init(_ groups: [ResourceKey], at location: SourceLocation) {
      self.groups = groups
      self.location = location
    }
  }

  /// Groups and roles whose members can do much, and what it takes to come into one.
  package struct Tier: Hashable, Sendable {
    /// `0`.
    package var name: String
    package var groups: [ResourceKey]
    /// How many have to approve of a change that brings somebody in.
    package var approvals: Int
    package var authorMayNotBenefit: Bool
    package var location: SourceLocation

    package init(
      _ name: String, groups: [ResourceKey], approvals: Int = 0, authorMayNotBenefit: Bool = false,
      at location: SourceLocation
    ) {
      self.name = name
      self.groups = groups
      self.approvals = approvals
      self.authorMayNotBenefit = authorMayNotBenefit
      self.location = location
    }
  }

  /// What may be declared below a folder.
  package struct Place: Hashable, Sendable {
    package var path: PathPattern
    /// nil: every kind.
    package var kinds: Set<String>?
    /// nil: every name. Names that are given here may be declared nowhere else.
    package var names: [NamePattern]?
    package var location: SourceLocation

    package init(
      _ path: PathPattern, kinds: Set<String>? = nil, names: [NamePattern]? = nil, at location: SourceLocation
    ) {
      self.path = path
      self.kinds = kinds
      self.names = names
      self.location = location
    }
  }

  /// Resources that may not be asked for.
  package struct Denial: Hashable, Sendable {
    package var kind: String
    package var filter: Filter
    /// What the author of such a resource is told; nil for the filter alone.
    package var message: String?
    /// The filter as it is written.
    package var text: String
    package var location: SourceLocation

    package init(_ kind: String, _ filter: Filter, text: String, message: String? = nil, at location: SourceLocation) {
      self.kind = kind
      self.filter = filter
      self.text = text
      self.message = message
      self.location = location
    }
  }

  package var name: String
  package var protections: [Protection] = []
  package var separations: [Separation] = []
  package var tiers: [Tier] = []
  package var places: [Place] = []
  package var denials: [Denial] = []

  package init(name: String) { self.name = name }

  /// Whether it looks at what resources say, not only at what they are called and who is in them.
  package var readsAttributes: Bool { !denials.isEmpty || !protections.isEmpty }

  /// Everything that it names.
  package var subjects: [(key: ResourceKey, location: SourceLocation)] {
    protections.map { ($0.key, $0.location) }
      + separations.flatMap { rule in rule.groups.map { ($0, rule.location) } }
      + tiers.flatMap { rule in rule.groups.map { ($0, rule.location) } }
  }
}
