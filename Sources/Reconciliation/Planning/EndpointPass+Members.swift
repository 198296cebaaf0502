import JSON
import SCIM

extension EndpointPass {
  /// Under which name the ledger remembers members, of groups and of roles: an array of `bulkId:` references.
  static var recordedMembers: String { "members" }

  /// The difference in members that may be removed now; what is withheld and what cannot be held is written down.
  mutating func membership(of resource: ProjectedResource, live: Resource?, _ kind: KindPass) -> MembershipDiff {
    var diff = MembershipDiff(rules: kind.rules, references: references, now: planner.now)
    guard let members = resource.desired.members, !kind.rules.membershipAttributes.isEmpty else { return diff }
    diff.compare(members, with: live?.attributes)
    diff.limitations.forEach { scope.say($0) }
    if let doubt = doubt(about: members, diff) {
      withhold(diff.withholdRemovals(), from: resource, because: doubt)
    } else if diff.countAfter == 0, !members.allowsEmpty {
      // Who goes because the manifest ends the membership goes by what it says; whoever else would go last does not.
      withhold(
        diff.withholdRemovals(keepingEnded: true), from: resource,
        because: "nobody would be left; allowEmpty: true says that this is meant")
    }
    if !diff.removed.isEmpty { plan.memberCounts[resource.key] = diff.count }
    if let live { watchAdministrators(resource.key, live, diff) }
    return diff
  }

  private mutating func withhold(_ removals: Int, from resource: ProjectedResource, because reason: String) {
    guard removals > 0 else { return }
    withhold(
      resource.key, .linked, "\(removals) member removal\(removals == 1 ? "" : "s"), because \(reason)",
      source: resource.desired.location)
  }

  /// Why it is not known who the members are. A member whose listing stopped early cannot be told from one that nobody
  /// asked for.
  private func doubt(about members: DesiredMembers, _ diff: MembershipDiff) -> String? {
    guard !diff.removed.isEmpty else { return nil }
    let kinds = Set([diff.rules.type.name] + members.references.map(\.key.kind)).union(["User"]).sorted()
    for kind in kinds where kind == diff.rules.type.name || diff.rules.membershipAttribute(for: kind) != nil {
      if let doubt = doubt(about: kind) { return doubt }
    }
    return nil
  }

  private func doubt(about kind: String) -> String? {
    if let doubt = doubts[kind] { return doubt }
    return observation.listings[kind] == nil ? "the \(kind)s were not read" : nil
  }

  /// Whose doing a difference in members is.
  func membershipCause(
    _ entry: Ledger.Entry?, _ after: Ledger.Entry, _ live: Resource, _ rules: TypeRules, _ mode: DesiredMembers.Mode?
  ) -> Cause {
    guard let entry else { return .unknown }
    guard let applied = entry.applied[Self.recordedMembers] else { return .manifest }
    if applied == after.applied[Self.recordedMembers] { return .endpoint }
    // Whom this endpoint never held is no member that it lost.
    let recorded = Set(entry.members.compactMap(references.lastKnownID))
    let there = Set(live.memberIDs(rules))
    let isAsLeft =
      switch mode {
      case .atLeast: recorded.isSubset(of: there)
      case .atMost: there.isSubset(of: recorded)
      case .exact, .observe, nil: recorded == there
      }
    return isAsLeft ? .manifest : .both
  }

  // MARK: Administrators

  /// Remembers who administers, before and after, when the endpoint is to keep a least number of them.
  private mutating func watchAdministrators(_ key: ResourceKey, _ live: Resource, _ diff: MembershipDiff) {
    guard declaration.safety.minAdmins != nil, live.isAdministrative else { return }
    let before = live.memberIDs(diff.rules)
    let leaving = Set(diff.removed.map(\.value))
    plan.administrators.append(
      AdministratorGroup(
        key: key, before: before, after: before.filter { !leaving.contains($0) } + diff.added.map(\.value)))
  }

  /// The same for a group or role whose members no manifest manages, or that is deleted.
  mutating func watchAdministrators(_ key: ResourceKey, _ live: Resource, _ rules: TypeRules, isDeleted: Bool) {
    guard declaration.safety.minAdmins != nil, live.isAdministrative, !rules.membershipAttributes.isEmpty else {
      return
    }
    let before = live.memberIDs(rules)
    plan.administrators.append(AdministratorGroup(key: key, before: before, after: isDeleted ? [] : before))
  }
}

extension Resource {
  /// Whether its name says that its members administer: `admin`, `AWS Admins`, `Internal/administrators`.
  var isAdministrative: Bool { (displayName ?? "").namesAdministrators }

  func memberIDs(_ rules: TypeRules) -> [String] {
    rules.membershipAttributes.flatMap { attributes.member($0)?.array ?? [] }.compactMap { $0["value"]?.string }
      .sorted()
  }
}

extension String {
  /// Whether a group or role of this name is one of administrators.
  var namesAdministrators: Bool {
    lowercased().split { !$0.isLetter }
      .contains { ["admin", "admins", "administrator", "administrators"].contains($0) }
  }
}
