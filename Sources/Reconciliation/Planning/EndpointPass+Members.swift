import JSON
import SCIM

extension EndpointPass {
  /// Under which name the ledger remembers members, of groups and of roles: an array of `bulkId:` references.
  static var recordedMembers: String { "members" }

  /// The difference in members that may be removed now; what is withheld and what cannot be held is written down.
  mutating func membership(
    of resource: ProjectedResource, live: Resource?, entry: Ledger.Entry?, _ kind: KindPass
  ) -> MembershipDiff {
    var diff = MembershipDiff(rules: kind.rules, references: references, now: planner.now)
    guard let members = resource.desired.members, !kind.rules.membershipAttributes.isEmpty else { return diff }
    diff.compare(members, with: live?.attributes)
    diff.limitations.forEach { scope.say($0) }
    if let doubt = doubt(about: members, diff) {
      withhold(diff.withholdRemovals(), from: resource, because: doubt)
    } else if diff.countAfter == 0, !members.allowsEmpty {
      // Who goes because the manifest ends the membership goes by what it says; whoever else would go last does not.
      let cause = live.map { membershipCause(entry, resource.desired, $0, kind.rules) } ?? .manifest
      let withheld = diff.withholdRemovals(keepingEnded: true)
      if !withheld.isEmpty { plan.modified[resource.key] = live?.lastModified }
      withhold(
        withheld, from: resource, because: "nobody would be left; allowEmpty: true says that this is meant",
        changes: diff.changes(withheld: withheld, cause: cause))
    }
    if !diff.removed.isEmpty { plan.memberCounts[resource.key] = diff.count }
    if let live { watchAdministrators(resource.key, live, diff) }
    return diff
  }

  private static let namedRemovals = 5

  private mutating func withhold(
    _ removals: [MembershipDiff.Entry], from resource: ProjectedResource, because reason: String,
    changes: [AttributeChange] = []
  ) {
    guard !removals.isEmpty else { return }
    let names = removals.prefix(Self.namedRemovals).map(\.name) + (removals.count > Self.namedRemovals ? ["…"] : [])
    let removal = "\(removals.count) member removal\(removals.count == 1 ? "" : "s")"
    withhold(
      resource.key, .linked, "\(removal) (\(names.joined(separator: ", "))), because \(reason)",
      source: resource.desired.location, attributes: changes)
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
    _ entry: Ledger.Entry?, _ desired: DesiredResource, _ live: Resource, _ rules: TypeRules
  ) -> Cause {
    guard let entry else { return .unknown }
    guard let applied = entry.applied[Self.recordedMembers] else { return .manifest }
    if applied == record(of: desired.members) { return .endpoint }
    // Whom this endpoint never held is no member that it lost.
    let recorded = Set(entry.members.compactMap(references.lastKnownID))
    let there = Set(live.memberIDs(rules))
    let isAsLeft =
      switch desired.members?.mode {
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
