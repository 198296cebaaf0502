/// What a plan would do to an identity that a policy protects.
package struct ProtectionBreach: Hashable, Sendable {
  package var policy: String
  package var key: ResourceKey
  /// `would delete it`, `would take it out of AWS Admins`.
  package var harm: String
}

/// People who would come into the groups of a tier.
package struct PrivilegedGain: Hashable, Sendable {
  package var policy: String
  package var tier: String
  /// How many approvals it takes.
  package var approvals: Int
  package var authorMayNotBenefit: Bool
  /// Sorted.
  package var people: [ResourceKey]
  package var groups: [ResourceKey]
}

/// Holds plans against policies: what the planner writes down for the guardrails to object to.
struct PolicyOutlook {
  private let policies: [Policy]
  private let memberships: Memberships

  init(_ policies: [Policy], _ resources: [DesiredResource]) {
    self.policies = policies
    memberships = Memberships(resources)
  }

  func judging(_ plan: EndpointPlan) -> EndpointPlan {
    var plan = plan
    plan.protectionBreaches = policies.flatMap { breaches(of: $0, in: plan) }
      .sorted { ($0.key, $0.harm, $0.policy) < ($1.key, $1.harm, $1.policy) }
    plan.privilegedGains = policies.flatMap { policy in
      policy.tiers.compactMap { gain(in: $0, of: policy.name, plan) }
    }
    return plan
  }

  // MARK: Protection

  private func breaches(of policy: Policy, in plan: EndpointPlan) -> [ProtectionBreach] {
    let keys = Set(policy.protections.map(\.key))
    guard !keys.isEmpty else { return [] }
    func breach(_ key: ResourceKey, _ harm: String) -> ProtectionBreach {
      ProtectionBreach(policy: policy.name, key: key, harm: harm)
    }
    let direct = plan.changes.filter { keys.contains($0.key) }.compactMap { change in
      change.takesAway
        ? breach(change.key, "would \(change.action.rawValue) it")
        : change.action == .update && change.isRename ? breach(change.key, "would rename it") : nil
    }
    let names = Dictionary(keys.map { (References.name($0), $0) }, uniquingKeysWith: { first, _ in first })
    let losses = plan.accessChanges.compactMap { change -> ProtectionBreach? in
      guard !change.gains, isPrivileged(change), let key = names[change.member] else { return nil }
      return breach(key, "would take it out of \(change.group)")
    }
    return direct + losses
  }

  /// Whether the group is one of administrators, by its name or because a policy makes it one of a tier.
  private func isPrivileged(_ change: AccessChange) -> Bool {
    change.group.namesAdministrators
      || policies.contains { policy in
        policy.tiers.contains { $0.groups.contains(change.groupKey) }
      }
  }

  // MARK: Tiers

  /// Who comes into a group of the tier: by a membership there or in a group within, or with a group that comes in. What
  /// is within is said by the manifests, and by the plan where it is not theirs.
  private func gain(in tier: Policy.Tier, of policy: String, _ plan: EndpointPlan) -> PrivilegedGain? {
    let gains = plan.accessChanges.filter(\.gains)
    let nested = gains.reduce(into: [ResourceKey: [ResourceKey]]()) { nested, change in
      if let group = memberships.key(of: change.member) { nested[change.groupKey, default: []].append(group) }
    }
    let within = tier.groups.reduce(into: Set<ResourceKey>()) {
      $0.formUnion(memberships.groups(within: $1, and: nested))
    }
    return gain(gains.filter { within.contains($0.groupKey) }, in: tier, of: policy)
  }

  private func gain(_ gains: [AccessChange], in tier: Policy.Tier, of policy: String) -> PrivilegedGain? {
    let people = Set(gains.flatMap(people))
    guard !people.isEmpty else { return nil }
    return PrivilegedGain(
      policy: policy, tier: tier.name, approvals: tier.approvals, authorMayNotBenefit: tier.authorMayNotBenefit,
      people: people.sorted(), groups: Set(gains.map(\.groupKey)).sorted())
  }

  /// The person that a change of access names, or the people of the group that it names; a group whose people the manifests
  /// do not tell stands for itself.
  private func people(in change: AccessChange) -> [ResourceKey] {
    guard let group = memberships.key(of: change.member) else { return [ResourceKey("User", change.member)] }
    let people = memberships.people(in: group).keys.sorted()
    return people.isEmpty ? [group] : people
  }
}

extension Memberships {
  /// The group that is called so in a change; nil for a person.
  fileprivate func key(of member: String) -> ResourceKey? {
    guard member.hasPrefix("Group/") else { return nil }
    return ResourceKey("Group", String(member.dropFirst(6)))
  }
}
