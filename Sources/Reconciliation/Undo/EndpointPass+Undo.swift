import JSON
import SCIM

extension EndpointPass {
  /// Plans the inverse of changes that an earlier run has applied.
  mutating func undo(_ past: [PastChange], of run: String) -> EndpointPlan {
    let changes = merged(past)
    let kinds = survey(for: changes)
    plan.desiredCount = plan.ownedCount
    let reason = "takes back run \(run)"
    for change in changes {
      guard let kind = kinds[change.key.kind] else {
        withhold(change.key, .linked, "this endpoint has no \(change.key.kind)s any more")
        continue
      }
      undo(change, kind, reason: reason)
    }
    orderDeletes(kinds)
    putInOrder()
    return plan
  }

  /// One for each resource, the last begun first.
  private func merged(_ past: [PastChange]) -> [PastChange] {
    var order: [ResourceKey] = []
    var byKey: [ResourceKey: PastChange] = [:]
    for change in past {
      if byKey[change.key]?.take(change) == nil {
        order.append(change.key)
        byKey[change.key] = change
      }
    }
    return order.reversed().compactMap { byKey[$0] }
  }

  /// What is there, and how it is called.
  private mutating func survey(for changes: [PastChange]) -> [String: KindPass] {
    var kinds: [String: KindPass] = [:]
    for (name, listing) in observation.listings {
      guard let rules = scope.rules(of: name) else { continue }
      let kind = KindPass(rules: rules, listing: listing, resources: [], matches: [], leftovers: [])
      kinds[name] = kind
      doubts[name] = kind.doubt
      let owned = Dictionary(
        ledger.entries.values.lazy.filter { $0.key.kind == name }.map { ($0.remoteID, $0.key) },
        uniquingKeysWith: { first, _ in first })
      for live in listing.resources {
        if let key = owned[live.id] {
          references.set(.live(live.id), for: key)
          plan.managed[name, default: 0] += 1
        } else {
          references.setName(live.name, of: live.id)
        }
      }
    }
    for change in changes where change.action == .delete && change.detail?.removed != nil {
      if references.target(of: change.key) == nil { references.set(.created, for: change.key) }
    }
    return kinds
  }

  /// A delete takes the resource out of its groups, which changes their versions: what is to be done with these comes first.
  private mutating func orderDeletes(_ kinds: [String: KindPass]) {
    var deleted: [String: Int] = [:]
    for (position, change) in plan.changes.enumerated() where change.action == .delete {
      if let id = change.remoteID { deleted[id] = position }
    }
    for change in plan.changes {
      guard let kind = kinds[change.key.kind],
        let live = kind.listing?.resources.first(where: { $0.id == change.remoteID })
      else { continue }
      for position in live.memberIDs(kind.rules).compactMap({ deleted[$0] })
      where plan.changes[position].key != change.key {
        plan.changes[position].dependencies.append(change.key)
      }
    }
  }

  private mutating func undo(_ past: PastChange, _ kind: KindPass, reason: String) {
    guard let detail = past.detail else {
      return withhold(past.key, .linked, "the first release did not note what it changed")
    }
    let live = kind.listing?.resources.first { $0.id == past.remoteID }
    switch (past.action, live) {
    case (.delete, nil): createAgain(past, detail.removed, kind, reason: reason)
    case (.delete, _): withhold(past.key, .linked, "it is there again")
    case (.create, nil): break
    case (.create, let live?): removeAgain(live, past, detail, kind, reason: reason)
    case (.update, nil), (.disable, nil): withhold(past.key, .missing, "it is gone")
    case (.update, let live?), (.disable, let live?): putBack(live, past, detail, kind, reason: reason)
    }
  }

  // MARK: Deleted then

  private mutating func createAgain(
    _ past: PastChange, _ removed: Ledger.Entry?, _ kind: KindPass, reason: String
  ) {
    guard let removed else {
      return withhold(past.key, .missing, "it was deleted, and what it was like is not known")
    }
    let naming = kind.rules.namingAttribute
    let name = removed.applied.member(naming)?.string?.lowercased()
    let namesake = kind.listing?.resources.first { $0[naming]?.string?.lowercased() == name }
    guard namesake == nil else { return withhold(past.key, .found, "another has its \(naming) now") }
    var entry = removed
    entry.remoteID = ""
    entry.disabledAt = nil
    entry.secretDigests = [:]
    entry.updatedAt = planner.now
    let members = UndoneMembers(restoring: removed, kind.rules, references)
    members.unknown.forEach { withhold(past.key, .linked, "member \($0) is not there any more") }
    let attributes = removed.applied.members.filter { $0.key != Self.recordedMembers && !$0.value.isUnassigned }
    let shown = attributes.map { AttributeChange(path: $0.key, before: nil, after: $0.value, cause: .manifest) }
    add(
      Change(
        key: past.key, action: .create, situation: .missing,
        request: .create(
          kind.rules.body(
            JSONObject(uniqueMembers: attributes), references: references, members: members.additions)),
        attributes: shown + members.changes, ledgerEntry: entry,
        reason: "\(reason); its id, its passwords and what no manifest said of it do not come back",
        dependencies: members.dependencies.filter { $0 != past.key }),
      to: nil, as: kind.rules)
  }

  // MARK: Created then

  private mutating func removeAgain(
    _ live: Resource, _ past: PastChange, _ detail: JournalRecord.Detail, _ kind: KindPass, reason: String
  ) {
    let standing = UndoneAttributes(live, kind.rules, references)
    let others = detail.attributes.filter { !$0.isMembership && !standing.isAsLeft($0) }.map(\.path)
    guard others.isEmpty else {
      return withhold(past.key, .linked, "it was changed since: \(others.joined(separator: ", "))")
    }
    remove(live, key: past.key, situation: .linked, kind, reason: reason, nil)
  }

  // MARK: Changed then

  private mutating func putBack(
    _ live: Resource, _ past: PastChange, _ detail: JournalRecord.Detail, _ kind: KindPass, reason: String
  ) {
    var attributes = UndoneAttributes(live, kind.rules, references)
    for change in detail.attributes where !change.isMembership {
      if let objection = attributes.takeBack(change) { withhold(past.key, .linked, objection) }
    }
    let members = UndoneMembers(detail.attributes.filter(\.isMembership), live, kind.rules, references)
    members.unknown.forEach { withhold(past.key, .linked, "member \($0) is not there any more") }
    let diff = attributes.difference()
    let operations = diff.operations + members.operations
    guard !operations.isEmpty else { return }
    guard let request = request(operations, for: live, kind.rules) else {
      return withholdReplacement(past.key, .linked, nil)
    }
    if !members.removed.isEmpty { plan.memberCounts[past.key] = members.count }
    watch(past.key, live, members)
    let shown = diff.changes + members.changes
    let disables = shown.contains { $0.path == "active" && $0.after == false }
    add(
      Change(
        key: past.key, action: disables ? .disable : .update, situation: .linked, remoteID: live.id,
        liveName: live.name, version: live.version, request: request, attributes: shown,
        ledgerEntry: entry(of: past.key, live, attributes, members), reason: reason,
        dependencies: Set(diff.dependencies + members.dependencies).sorted()),
      to: live, as: kind.rules)
  }

  /// What the ledger is to remember: what it knows, with what was taken back.
  private func entry(
    of key: ResourceKey, _ live: Resource, _ attributes: UndoneAttributes, _ members: UndoneMembers
  ) -> Ledger.Entry? {
    guard var entry = ledger[key], entry.remoteID == live.id else { return nil }
    entry.applied = attributes.laid(over: entry.applied)
    if let recorded = entry.applied[Self.recordedMembers]?.array {
      entry.applied[Self.recordedMembers] = .array(members.laid(over: recorded))
    }
    if entry.applied["active"] != false {
      // That somebody was made active again is done once, not asked for ever after.
      if entry.disabledAt != nil { entry.applied["active"] = nil }
      entry.disabledAt = nil
    }
    entry.updatedAt = planner.now
    return entry
  }

  private mutating func watch(_ key: ResourceKey, _ live: Resource, _ members: UndoneMembers) {
    guard declaration.safety.minAdmins != nil, live.isAdministrative, !members.before.isEmpty else { return }
    plan.administrators.append(
      AdministratorGroup(key: key, before: members.before.sorted(), after: members.after.sorted()))
  }
}
