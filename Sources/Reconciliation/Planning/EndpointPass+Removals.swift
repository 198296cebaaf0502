import Foundation
import JSON
import SCIM

extension EndpointPass {
  /// Plans what becomes of live resources that the manifests do not speak of, or not any more.
  mutating func planRemovals(_ kind: KindPass) {
    let inScope = Set(kind.resources.lazy.filter(\.isInScope).map(\.key))
    let owned = ledger.entries.values.filter { $0.key.kind == kind.kind && !inScope.contains($0.key) }
    releaseAll(owned.sorted { $0.key < $1.key }, kind)
    let ours = Set(ledger.entries.values.lazy.filter { $0.key.kind == kind.kind }.map(\.remoteID))
    let permanent = observation.capabilities.permanentResources[kind.kind]
    let strangers = kind.leftovers.filter { live in
      !ours.contains(live.id) && !references.doubtful.contains(live.id)
        && permanent?.matches(live.attributes, type: kind.rules.type, catalog: kind.rules.catalog) != true
    }
    let taken = strangers.isEmpty ? [] : takenNames(kind, strangers)
    for live in strangers { planForeign(live, kind, taken: taken) }
  }

  // MARK: Ours, and no longer wanted

  private mutating func releaseAll(_ entries: [Ledger.Entry], _ kind: KindPass) {
    guard !entries.isEmpty else { return }
    let labels = Dictionary(
      kind.resources.map { ($0.key, $0.desired.labels) }, uniquingKeysWith: { first, _ in first })
    let live = Dictionary(
      (kind.listing?.resources ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in entries where planner.selection.contains(entry.key, labels: labels[entry.key]) {
      let reason = labels[entry.key] == nil ? "removed from the manifests" : "no longer in the endpoint's scope"
      release(entry, live: live[entry.remoteID], kind, reason: reason)
    }
  }

  private mutating func release(_ entry: Ledger.Entry, live: Resource?, _ kind: KindPass, reason: String) {
    // Renamed in Git, it is wanted under another name. Until that is taken up, this is all we know of it.
    if let isTakenUp = claimed[entry.remoteID] {
      if isTakenUp { plan.forgotten.append(entry.key) }
      return
    }
    guard let live else {
      if kind.doubt == nil { forgetMissing(entry.key) }
      return
    }
    plan.managed[kind.kind, default: 0] += 1
    plan.modified[entry.key] = live.lastModified
    guard planner.prune else {
      return withhold(entry.key, .unmanaged, "\(reason); use --prune")
    }
    apply(entry, to: live, kind, reason: reason, situation: .unmanaged)
  }

  /// Forgets what was linked and is not there any more.
  mutating func forgetMissing(_ key: ResourceKey) {
    plan.forgotten.append(key)
    plan.missing.append(key)
  }

  private mutating func apply(
    _ entry: Ledger.Entry, to live: Resource, _ kind: KindPass, reason: String, situation: Situation
  ) {
    switch entry.onRemoval {
    case .orphan: plan.forgotten.append(entry.key)
    case _ where !kind.rules.canDisable, .delete:
      remove(live, key: entry.key, situation: situation, kind, reason: reason, nil)
    case .disable: disable(entry, live, kind, reason: reason, situation)
    case .disableThenDelete where observation.capabilities.undeletableTypes.contains(kind.kind):
      remove(live, key: entry.key, situation: situation, kind, reason: reason, nil)
    case .disableThenDelete:
      let deadline = (entry.disabledAt ?? planner.now).addingTimeInterval(entry.grace)
      if deadline <= planner.now {
        remove(live, key: entry.key, situation: situation, kind, reason: "\(reason), and its grace is over", nil)
      } else {
        disable(entry, live, kind, reason: "\(reason); to be deleted after \(deadline.day)", situation)
      }
    }
  }

  private mutating func disable(
    _ entry: Ledger.Entry, _ live: Resource, _ kind: KindPass, reason: String, _ situation: Situation,
    _ source: SourceLocation? = nil
  ) {
    var after = entry
    after.disabledAt = entry.disabledAt ?? planner.now
    after.applied["active"] = false
    after.updatedAt = planner.now
    let active = live.attributes.member("active")
    guard active != false else {
      if entry.disabledAt == nil { plan.adoptions.append(after) }
      return
    }
    let operation = PatchOperation(.replace, AttributePath("active"), value: false)
    guard let request = request([operation], for: live, kind.rules) else {
      return withholdReplacement(entry.key, situation, source)
    }
    add(
      Change(
        key: entry.key, action: .disable, situation: situation, remoteID: live.id, liveName: live.name,
        version: live.version, request: request,
        attributes: [AttributeChange(path: "active", before: active, after: false, cause: .manifest)],
        ledgerEntry: after, reason: reason, source: source),
      to: live, as: kind.rules)
  }

  /// Plans a delete, or the end of what cannot be deleted there.
  mutating func remove(
    _ live: Resource, key: ResourceKey, situation: Situation, _ kind: KindPass, reason: String,
    _ source: SourceLocation?
  ) {
    if observation.capabilities.undeletableTypes.contains(kind.kind) {
      let known = ledger[key].flatMap { $0.remoteID == live.id ? $0 : nil }
      let entry =
        known
        ?? Ledger.Entry(key: key, remoteID: live.id, origin: .adopted, applied: [:], updatedAt: planner.now)
      return disable(
        entry, live, kind, reason: "\(reason); a \(kind.kind) cannot be deleted there", situation, source)
    }
    watchAdministrators(key, live, kind.rules, isDeleted: true)
    add(
      Change(
        key: key, action: .delete, situation: situation, remoteID: live.id, liveName: live.name, version: live.version,
        request: .delete, reason: reason, source: source),
      to: live, as: kind.rules)
  }

  // MARK: Not ours

  private mutating func planForeign(_ live: Resource, _ kind: KindPass, taken: Set<String>) {
    guard scope.contains(live, as: kind.rules) else { return }
    let key = ResourceKey(kind.kind, taken.contains(live.name) ? "\(live.name) (\(live.id))" : live.name)
    if declaration.ownership.takes(live), !isOwnAccount(live), planner.selection.contains(key, labels: nil) {
      let pending = Ledger.Entry(key: key, remoteID: live.id, origin: .adopted, applied: [:], updatedAt: planner.now)
      let reason = "in scope of \(declaration.ownership.rawValue) ownership, and in no manifest"
      plan.managed[kind.kind, default: 0] += 1
      guard planner.prune else { return withhold(key, .foreign, "\(reason); use --prune") }
      return apply(pending, to: live, kind, reason: reason, situation: .foreign)
    }
    watchAdministrators(key, live, kind.rules, isDeleted: false)
    // The account that we log in with is no surprise.
    if declaration.situations.unmatched == .report, !isOwnAccount(live), planner.selection.contains(key, labels: nil) {
      plan.foreign.append(
        ForeignResource(resourceType: kind.kind, id: live.id, name: live.name, modified: live.lastModified))
    }
  }

  private func isOwnAccount(_ live: Resource) -> Bool {
    guard let own = observation.ownUserName, let name = live.userName else { return false }
    return own.lowercased() == name.lowercased()
  }

  /// The names that a foreign resource cannot be called by: those of manifests and ledger, and those that two share.
  private func takenNames(_ kind: KindPass, _ strangers: [Resource]) -> Set<String> {
    var taken = Set(kind.resources.map(\.key.name)).union(
      ledger.entries.keys.lazy.filter { $0.kind == kind.kind }.map(\.name))
    var seen: Set<String> = []
    for stranger in strangers where !seen.insert(stranger.name).inserted { taken.insert(stranger.name) }
    return taken
  }
}

extension EndpointDeclaration.Ownership {
  /// Whether it makes us responsible for a live resource that the ledger does not know.
  func takes(_ live: Resource) -> Bool {
    switch self {
    case .ledger: false
    case .externalId: live.externalId?.isEmpty == false
    case .authoritative: true
    }
  }
}
