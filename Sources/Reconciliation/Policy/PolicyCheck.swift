import JSON
import SCIM

/// Holds manifests against policies, without a look at any endpoint. The same manifests give the same violations.
package struct PolicyCheck {
  private let policies: [Policy]
  private let catalog: SchemaCatalog

  package init(_ policies: [Policy], catalog: SchemaCatalog) {
    self.policies = policies
    self.catalog = catalog
  }

  /// - Parameters:
  ///   - resources: with resolved selectors, and with their attributes where a policy reads attributes.
  ///   - documents: all documents, with the places of their files.
  package func violations(in resources: [DesiredResource], documents: [PlacedDocument]) -> [PolicyViolation] {
    let memberships = policies.contains { !$0.separations.isEmpty } ? Memberships(resources) : nil
    return policies.flatMap { policy in
      protections(policy, resources)
        + (memberships.map { separations(policy, $0) } ?? [])
        + documents.compactMap { misplacement(of: $0, policy) }
        + policy.denials.flatMap { denials(policy, $0, resources) }
    }
  }

  // MARK: Protection

  private func protections(_ policy: Policy, _ resources: [DesiredResource]) -> [PolicyViolation] {
    guard !policy.protections.isEmpty else { return [] }
    let rules = Dictionary(policy.protections.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    return resources.compactMap { resource in
      guard let rule = rules[resource.key], let harm = resource.harm else { return nil }
      return PolicyViolation(policy: policy.name, key: resource.key, breach: .protected(harm), rule: rule.location)
    }
  }

  // MARK: Separation of duties

  private func separations(_ policy: Policy, _ memberships: Memberships) -> [PolicyViolation] {
    policy.separations.flatMap { rule in
      let groups = rule.groups.map { memberships.people(in: $0) }
      return groups.indices.flatMap { first in
        groups.indices.dropFirst(first + 1).flatMap { second in
          Self.conflicts(groups[first], groups[second]).map { key, a, b in
            PolicyViolation(
              policy: policy.name, key: key, breach: .separated(first: a.path, second: b.path), rule: rule.location)
          }
        }
      }
    }
  }

  /// Who is in both at some moment, sorted, with a way to each.
  private static func conflicts(
    _ a: [ResourceKey: [Memberships.Way]], _ b: [ResourceKey: [Memberships.Way]]
  ) -> [(ResourceKey, Memberships.Way, Memberships.Way)] {
    a.keys.sorted().compactMap { key in
      for way in a[key] ?? [] {
        if let other = b[key]?.first(where: { $0.period.shared(with: way.period) != nil }) { return (key, way, other) }
      }
      return nil
    }
  }

  // MARK: Places

  private func misplacement(of document: PlacedDocument, _ policy: Policy) -> PolicyViolation? {
    func violation(_ breach: PolicyViolation.Breach, _ rule: Policy.Place) -> PolicyViolation {
      PolicyViolation(policy: policy.name, key: document.key, breach: breach, rule: rule.location)
    }
    // As in CODEOWNERS, the last pattern that matches decides.
    if let rule = policy.places.last(where: { $0.path.matches(document.path) }), !rule.allows(document) {
      return violation(.misplaced(in: rule.path, allowed: rule.allowance), rule)
    }
    let owners = policy.places.filter { $0.names != nil && $0.allows(document) }
    guard let owner = owners.first, !owners.contains(where: { $0.path.matches(document.path) }) else { return nil }
    return violation(.reserved(for: owner.path), owner)
  }

  // MARK: Denial

  private func denials(
    _ policy: Policy, _ rule: Policy.Denial, _ resources: [DesiredResource]
  ) -> [PolicyViolation] {
    let type = catalog.resourceType(rule.kind)
    guard let predicate = try? FilterPredicate(rule.filter, type: type, catalog: catalog) else { return [] }
    return resources.filter { $0.key.kind == rule.kind && predicate.matches($0.asked) }.map { resource in
      PolicyViolation(
        policy: policy.name, key: resource.key, breach: .denied(rule.message ?? "it matches \(rule.text)"),
        rule: rule.location)
    }
  }
}

extension Policy.Place {
  func allows(_ document: PlacedDocument) -> Bool {
    (kinds.map { !$0.isDisjoint(with: document.kinds) } ?? true)
      && (names?.contains { $0.matches(document.key.name) } ?? true)
  }

  /// `Group named aws-* or ops-*`.
  fileprivate var allowance: String {
    let kinds = self.kinds.map { $0.sorted().joined(separator: " and ") } ?? "every kind"
    guard let names else { return kinds }
    return "\(kinds) named \(names.map(\.description).joined(separator: " or "))"
  }
}

extension DesiredResource {
  /// What its document asks for that may not be done to a protected identity.
  fileprivate var harm: String? {
    switch lifecycle.state {
    case .absent: "lifecycle.state is Absent"
    case .disabled: "lifecycle.state is Disabled"
    case .active where lifecycle.endsAt != nil: "lifecycle.endsAt ends it"
    case .active where attributes.member("active") == false: "active is false"
    case .active: nil
    }
  }

  /// What is asked for, as a filter sees it: with the members by their names, with secrets as present, and with what goes
  /// without saying of a user's `active`.
  fileprivate var asked: JSONObject {
    var asked = attributes
    if key.kind == "User" {
      if lifecycle.state != .active {
        asked["active"] = false
      } else if asked["active"] == nil {
        asked["active"] = true
      }
    }
    if let members, !members.references.isEmpty {
      asked["members"] = .array(
        members.references.map { ["value": .string($0.key.name), "type": .string($0.key.kind)] })
    }
    for path in secrets.keys where !path.contains(where: { ".:[".contains($0) }) { asked[path] = "•••" }
    return asked
  }
}
