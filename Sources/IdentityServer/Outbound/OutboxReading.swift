import LocalDirectory
import Reconciliation

/// What events mean for one connector: which resources it has to look at.
///
/// What is provisioned once is kept in step whoever changes it; whether something new is taken up depends on who asked
/// for it. No clock, no store.
struct OutboxReading {
  let connector: Connector
  let routes: ProvisioningRoutes

  /// To be looked at in any case.
  private(set) var keys: Set<ResourceKey> = []
  /// To be looked at if they are there already.
  private(set) var followed: Set<ResourceKey> = []
  /// The ids of what is new and left to other connectors.
  private(set) var exempted: Set<String> = []
  /// The ids of what is left to others no longer.
  private(set) var included: Set<String> = []
  /// The ids of members that came or went, where that decides who is provisioned.
  private(set) var movedMembers: Set<String> = []

  init(connector: Connector, routes: ProvisioningRoutes) {
    self.connector = connector
    self.routes = routes
  }

  mutating func read(_ events: [DirectoryEvent]) {
    for event in events { read(event) }
  }

  private mutating func read(_ event: DirectoryEvent) {
    let isRouted = routes.connectors(for: event.author).contains(connector.name)
    if connector.filter.readsMemberships || connector.mapsRoles { readMembers(of: event, isRouted: isRouted) }
    guard connector.kinds.contains(event.resourceType) else { return }
    let key = ResourceKey(event.resourceType, event.id)
    guard isRouted else {
      followed.insert(key)
      if event.action == .create { exempted.insert(event.id) }
      return
    }
    keys.insert(key)
    included.insert(event.id)
    exempted.remove(event.id)
  }

  private mutating func readMembers(of event: DirectoryEvent, isRouted: Bool) {
    let members = (event.membership.added + event.membership.removed).map(\.member)
    movedMembers.formUnion(members)
    let users = members.map { ResourceKey("User", $0) }
    if isRouted { keys.formUnion(users) } else { followed.formUnion(users) }
  }
}
