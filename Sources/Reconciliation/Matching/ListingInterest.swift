import JSON
import SCIM

/// Of which resources a listing is to bring more than it brings anyhow: where members, or other parts, take requests of
/// their own, an endpoint is asked for those alone that a comparison looks at.
package struct ListingInterest: Sendable {
  /// Every resource is wanted whole.
  package static let all = ListingInterest()

  /// nil when all are chosen.
  private let choice: Choice?

  /// What a resource is chosen by.
  struct Choice: Sendable {
    /// Remote ids.
    var ids: Set<String> = []
    /// What a desired resource may be found by, as the matcher compares it.
    var ties: [(key: CorrelationKey, texts: Set<String>)] = []
    /// Whatever else is looked at for what it is called.
    var others: @Sendable (Resource) -> Bool = { _ in false }
  }

  private init() { choice = nil }

  init(_ choice: Choice) { self.choice = choice }

  /// - Parameter listed: the resource as the listing brings it.
  package func wants(_ listed: Resource) -> Bool {
    guard let choice else { return true }
    return choice.ids.contains(listed.id) || choice.others(listed)
      || choice.ties.contains { tie in tie.key.texts(in: listed.attributes).contains(where: tie.texts.contains) }
  }
}

/// Finds out which resources a plan will look into, before they are read: never fewer than it does.
package struct InterestSurvey: Sendable {
  private let prune: Bool
  private let selection: Selection

  /// - Parameter prune: whether what was removed from the manifests may go: then those are told who lose access by it.
  package init(prune: Bool, selection: Selection = Selection()) {
    self.prune = prune
    self.selection = selection
  }

  /// The interest in each type that the endpoint does not list whole; all of any other type is wanted.
  package func interests(
    in desired: DesiredState, at endpoint: String, _ capabilities: Capabilities, owned: Ledger
  ) -> [String: ListingInterest] {
    guard !capabilities.listedAttributes.isEmpty,
      let declaration = desired.endpoints.first(where: { $0.name == endpoint })
    else { return [:] }
    var interests: [String: ListingInterest] = [:]
    for (kind, listed) in capabilities.listedAttributes {
      var scope = EndpointScope(declaration, capabilities)
      guard let rules = scope.rules(of: kind) else { continue }
      let listing = ListedType(rules: rules, declaration: declaration, capabilities: capabilities, attributes: listed)
      guard listing.suffices else { continue }
      let resources = scope.project(desired.resources.filter { $0.key.kind == kind }, as: rules, roles: [:])
      interests[kind] = ListingInterest(choice(of: resources.filter(\.isInScope), in: listing, owned))
    }
    return interests
  }

  private func choice(
    of resources: [ProjectedResource], in listing: ListedType, _ ledger: Ledger
  ) -> ListingInterest.Choice {
    let wanted = resources.filter { resource in
      selection.contains(resource.key, labels: resource.desired.labels)
        && listing.looksInto(resource, known: ledger[resource.key])
    }
    var choice = ListingInterest.Choice(ids: Set(wanted.compactMap { ledger[$0.key]?.remoteID }))
    for name in listing.matcher.correlationAttributes {
      let key = CorrelationKey(name, rules: listing.rules)
      choice.ties.append((key, Set(wanted.flatMap { key.texts(in: $0.attributes) })))
    }
    let name = CorrelationKey(listing.rules.namingAttribute, rules: listing.rules)
    choice.ties.append((name, Set(wanted.flatMap(\.desired.previously).map(name.folded))))
    if prune {
      let kept = Set(resources.map(\.key))
      choice.ids.formUnion(
        ledger.entries.values.lazy.filter { $0.key.kind == listing.kind && !kept.contains($0.key) }.map(\.remoteID))
    }
    let declaration = listing.declaration
    choice.others = { [prune] live in
      (prune && declaration.ownership.takes(live))
        || (declaration.safety.minAdmins != nil && live.isAdministrative)
    }
    return choice
  }
}

/// A resource type that a listing brings in part.
private struct ListedType {
  let rules: TypeRules
  let declaration: EndpointDeclaration
  let capabilities: Capabilities
  /// What it brings.
  let attributes: Set<String>

  var kind: String { rules.type.name }
  var matcher: Matcher { Matcher(rules: rules, correlation: declaration.correlation) }

  /// Whether resources can be recognised, and told from those that are left alone, by what is listed of them; and whether
  /// a change can be said without the rest.
  var suffices: Bool {
    let filters =
      declaration.safety.protect + [declaration.scope.filter, capabilities.permanentResources[kind]].compactMap { $0 }
    let correlation = matcher.correlationAttributes.compactMap { try? AttributePath(parsing: $0) }
    return capabilities.supportsPatch && (!rules.canDisable || attributes.contains("active"))
      && (filters.flatMap(\.paths) + correlation).allSatisfy { path in
        path.resolveParent(in: rules.type, catalog: rules.catalog) == nil
          || (path.isCore(in: rules.type) && isListed(path.attribute))
      }
  }

  /// Whether the plan compares more of this resource than is listed, or tells who loses by its end.
  func looksInto(_ resource: ProjectedResource, known: Ledger.Entry?) -> Bool {
    let desired = resource.desired
    if desired.lifecycle.state == .absent || desired.members.map({ $0.mode != .observe }) == true { return true }
    let dropped = known?.applied.keys.filter { $0 != EndpointPass.recordedMembers } ?? []
    return !(resource.attributes.keys + dropped).allSatisfy { isListed($0) || rules.membershipAttributes.contains($0) }
  }

  private func isListed(_ name: String) -> Bool { attributes.contains { $0.lowercased() == name.lowercased() } }
}
