import Foundation
import JSON
import SCIM

/// The plan for one endpoint in the making.
///
/// First every kind is matched, then it is decided what becomes of each resource, so that references know what will be
/// there; only then are differences looked for.
struct EndpointPass {
  let planner: Planner
  let declaration: EndpointDeclaration
  let observation: Observation
  let ledger: Ledger
  var scope: EndpointScope
  var references = References()
  /// Once the plan is made: what it looked at.
  private(set) var kinds: [KindPass] = []
  var plan: EndpointPlan
  /// Why removals of members of a kind cannot be trusted, by kind.
  var doubts: [String: String] = [:]
  /// The live resources that something desired is paired with, and whether this plan takes them up.
  var claimed: [String: Bool] = [:]
  /// Under which key the ledger knows a live resource.
  lazy var owners = Dictionary(
    ledger.entries.values.map { ($0.remoteID, $0.key) }, uniquingKeysWith: { first, _ in first })

  init(planner: Planner, declaration: EndpointDeclaration, observation: Observation, ledger: Ledger) {
    self.planner = planner
    self.declaration = declaration
    self.observation = observation
    self.ledger = ledger
    scope = EndpointScope(declaration, observation.capabilities)
    plan = EndpointPlan(endpoint: declaration.name, driver: declaration.driver)
    plan.safety = declaration.safety
    plan.limits = declaration.limits
    plan.dependsOn = declaration.dependsOn.sorted()
    plan.situations = declaration.situations
    plan.ownUserName = observation.ownUserName
    plan.ownedCount = ledger.entries.count
    plan.reads = observation.listings.sorted { $0.key < $1.key }.map { type, listing in
      EndpointPlan.Read(
        resourceType: type, read: listing.resources.count, total: listing.totalResults,
        completeness: listing.completeness)
    }
  }

  mutating func makePlan(for resources: [DesiredResource]) {
    var kinds = survey(resources)
    for index in kinds.indices { decide(&kinds[index]) }
    references.remember(ledger)
    for kind in kinds { planDesired(kind) }
    for kind in kinds { planRemovals(kind) }
    putInOrder()
    self.kinds = kinds
  }

  /// Puts the changes into the order in which they can be made, and all else into one that is always the same.
  mutating func putInOrder() {
    var graph = ChangeGraph(plan.changes, supportsPatch: observation.capabilities.supportsPatch)
    plan.changes = graph.ordered()
    plan.adoptions.sort { $0.key < $1.key }
    plan.forgotten.sort()
    plan.missing.sort()
    plan.withheld.sort { ($0.key, $0.reason) < ($1.key, $1.reason) }
    plan.foreign.sort { ($0.resourceType, $0.id) < ($1.resourceType, $1.id) }
    plan.protected = Set(plan.protected).sorted()
    plan.administrators.sort { $0.key < $1.key }
    plan.accessChanges.sort { ($0.groupKey, $0.member) < ($1.groupKey, $1.member) }
    plan.limitations = scope.limitations.sorted()
  }

  // MARK: Matching

  private mutating func survey(_ resources: [DesiredResource]) -> [KindPass] {
    let byKind = Dictionary(grouping: resources, by: \.key.kind)
    let roles = scope.mapsRoles ? roleNames(byKind["Role"] ?? []) : [:]
    let names = Set(byKind.keys).union(observation.listings.keys).union(ledger.entries.keys.map(\.kind))
    return names.sorted().compactMap { name in
      guard let rules = scope.rules(of: name) else {
        if let count = byKind[name]?.count { scope.sayMissing(name, count: count) }
        return nil
      }
      let projected = scope.project(byKind[name] ?? [], as: rules, roles: name == "User" ? roles : [:])
      let listing = observation.listings[name]
      let result = Matcher(rules: rules, correlation: declaration.correlation).match(
        projected.map { MatchSubject(key: $0.key, attributes: $0.attributes, previously: $0.desired.previously) },
        live: listing?.resources ?? [], ledger: ledger)
      return KindPass(
        rules: rules, listing: listing, resources: projected, matches: result.matches, leftovers: result.leftovers)
    }
  }

  /// The names of the roles that name each user now.
  private func roleNames(_ roles: [DesiredResource]) -> [ResourceKey: [String]] {
    var names: [ResourceKey: [String]] = [:]
    for role in roles {
      let name = role.attributes["displayName"]?.string ?? role.key.name
      for reference in role.members?.references ?? [] where reference.isDue(at: planner.now) {
        names[reference.key, default: []].append(name)
      }
    }
    return names
  }

  // MARK: Deciding

  private mutating func decide(_ kind: inout KindPass) {
    doubts[kind.kind] = kind.doubt
    references.reserveCapacity(kind.resources.count)
    kind.decisions = zip(kind.resources, kind.matches).map { decision(for: $0, $1, doubt: doubts[kind.kind]) }
    for ((resource, match), decision) in zip(zip(kind.resources, kind.matches), kind.decisions) {
      references.doubt(match.candidates)
      if let live = match.live, resource.isInScope { claimed[live.id] = isSelected(resource) && decision.isDone }
      switch decision {
      case .create where isSelected(resource): references.set(.created, for: resource.key)
      case .keep(let live): references.set(.live(live.id), for: resource.key)
      case .withhold, .outside: if let live = match.live { references.set(.live(live.id), for: resource.key) }
      case .remove(let live): references.setName(References.name(resource.key), of: live.id)
      case .create, .nothing: break
      }
      if resource.isInScope {
        plan.desiredCount += 1
        if match.live != nil { plan.managed[kind.kind, default: 0] += 1 }
      }
    }
    for live in kind.leftovers { references.setName(live.name, of: live.id) }
  }

  private func decision(for resource: ProjectedResource, _ match: Match, doubt: String?) -> KindPass.Decision {
    guard resource.isInScope else { return .outside }
    let standing = resource.desired.lifecycle.standing(at: planner.now)
    switch match.situation {
    case .ambiguous:
      return .withhold(
        .ambiguous, "\(match.correlation) fits more than one: ids \(match.candidates.joined(separator: ", "))")
    case .found where declaration.situations.found != .adopt && !ledger.begun.contains(resource.key):
      let policy = declaration.situations.found.rawValue
      return .withhold(.found, "found by \(match.correlation), and situations.found is \(policy)")
    default: break
    }
    if let live = match.live { return standing == .absent ? .remove(live) : .keep(live) }
    return missing(resource, standing, doubt: doubt)
  }

  private func missing(_ resource: ProjectedResource, _ standing: Standing, doubt: String?) -> KindPass.Decision {
    switch standing {
    case .absent, .ended: return .nothing
    case .active, .inactive: break
    }
    guard ledger[resource.key] != nil else { return .create(.missing) }
    if let doubt { return .withhold(.missing, "linked and not seen, but \(doubt)") }
    if declaration.situations.missing == .report {
      return .withhold(.missing, "linked and gone, and situations.missing is report")
    }
    return .create(.missing)
  }

  func isSelected(_ resource: ProjectedResource) -> Bool {
    planner.selection.contains(resource.key, labels: resource.desired.labels)
  }

  // MARK: Writing down

  mutating func withhold(
    _ key: ResourceKey, _ situation: Situation, _ reason: String, source: SourceLocation? = nil,
    attributes: [AttributeChange] = []
  ) {
    plan.withheld.append(
      EndpointPlan.Withheld(key: key, situation: situation, reason: reason, source: source, attributes: attributes))
  }

  /// Takes the change into the plan, unless it takes something away that was not read beyond doubt.
  /// - Parameter ends: when the memberships that it changes end, or have ended, by member.
  mutating func add(_ change: Change, to live: Resource?, as rules: TypeRules, ends: [String: Date] = [:]) {
    let takesAway = change.action == .disable || change.action == .delete
    if takesAway, let doubt = doubts[change.key.kind] {
      return withhold(
        change.key, change.situation, "\(change.action.rawValue), because \(doubt)", source: change.source)
    }
    if let live, takesAway || change.isRename, isProtected(live, as: rules) { plan.protected.append(change.key) }
    plan.modified[change.key] = live?.lastModified
    plan.changes.append(change)
    noteAccess(change, to: live, as: rules, ends: ends)
  }

  private func isProtected(_ live: Resource, as rules: TypeRules) -> Bool {
    declaration.safety.protect.contains { $0.matches(live.attributes, type: rules.type, catalog: rules.catalog) }
  }
}

extension Resource {
  /// What people call it.
  var name: String { userName ?? self["name"]?.string ?? displayName ?? id }

  /// `meta.lastModified` (RFC 7643 section 3.1).
  var lastModified: Date? {
    guard let time = self["meta"]?["lastModified"]?.string.flatMap({ DateTime($0) }) else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(time.seconds) + TimeInterval(time.nanoseconds) / 1e9)
  }
}

extension Change {
  var isRename: Bool {
    attributes.contains { $0.path == "userName" || ($0.path == "displayName" && key.kind != "User") }
  }
}
