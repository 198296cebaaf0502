import OpenID

/// A transaction over tables in memory; it remembers how to take back what it did.
final class InMemoryTransaction {
  private(set) var tables: DirectoryTables
  /// The users whose access ends with the transaction.
  private(set) var ended: Set<String> = []
  private var undo: [(inout DirectoryTables) -> Void] = []

  init(_ tables: DirectoryTables) { self.tables = tables }

  func rollBack() {
    while let step = undo.popLast() { step(&tables) }
    ended = []
  }
}

extension InMemoryTransaction: DirectoryReader {
  func resource(_ type: String, _ id: String) -> StoredResource? {
    guard let resource = tables.rows[id]?.resource, resource.type == type else { return nil }
    return resource
  }

  func count(_ type: String) -> Int { tables.count(type) }

  func page(_ type: String, offset: Int, limit: Int) -> [StoredResource] {
    tables.page(type, offset: offset, limit: limit)
  }

  func page(_ type: String, after position: Int, limit: Int) -> [(position: Int, resource: StoredResource)] {
    tables.page(type, after: position, limit: limit).map { ($0.sequence, $0.resource) }
  }

  func scan(_ type: String, narrowedBy narrowing: Narrowing?, _ visit: (StoredResource) throws -> Void) throws {
    let candidates =
      narrowing.map { tables.rows(ids($0, type)).map(\.resource) } ?? page(type, offset: 0, limit: .max)
    for resource in candidates where resource.type == type { try visit(resource) }
  }

  func resources(with key: LookupKey, of type: String) -> [StoredResource] {
    tables.rows(tables.ids(with: key, of: type)).map(\.resource)
  }

  func summaries(of ids: [String]) -> [ResourceSummary] { summaries(Set(ids)) }

  func members(of container: String, in attribute: String) -> [ResourceSummary] {
    summaries((tables.members[container] ?? [:]).lazy.filter { $0.value == attribute }.map(\.key))
  }

  func members(among ids: [String], of container: String, in attribute: String) -> Set<String> {
    guard let members = tables.members[container] else { return [] }
    return Set(ids.lazy.filter { members[$0] == attribute })
  }

  func containers(of members: [String]) -> [String: [ResourceSummary]] {
    Dictionary(
      members.map { ($0, summaries(tables.containers[$0] ?? [])) }.filter { !$0.1.isEmpty },
      uniquingKeysWith: { first, _ in first })
  }

  func passwordHash(of id: String) -> String? { tables.rows[id]?.passwordHash }

  func user(of identity: FederatedIdentity) -> String? { tables.identities[identity] }

  func identities(of user: String) -> [FederatedIdentity] {
    tables.identities.filter { $0.value == user }.keys.sorted { $0.issuer < $1.issuer }
  }

  func lastEvent() -> Int { tables.events.count }

  func events(after sequence: Int, limit: Int) -> [DirectoryEvent] {
    Array(tables.events.dropFirst(max(sequence, 0)).prefix(limit))
  }

  func changes(of id: String, after sequence: Int, limit: Int) -> [DirectoryEvent] {
    Array(tables.events.dropFirst(max(sequence, 0)).lazy.filter { $0.id == id && $0.action != .create }.prefix(limit))
  }

  private func ids(_ narrowing: Narrowing, _ type: String) -> Set<String> {
    switch narrowing {
    case .id(let id): [id]
    case .key(let key): tables.ids(with: key, of: type)
    case .keys(let attribute, let start, let end): tables.ids(with: attribute, from: start, before: end, of: type)
    case .containers(let member): tables.containers[member] ?? []
    case .members(let container): tables.members(below: container)
    case .times(let time, let range): tables.ids(of: type, time, in: range)
    case .either(let a, let b): ids(a, type).union(ids(b, type))
    case .both(let a, let b): ids(a, type).intersection(ids(b, type))
    }
  }

  private func summaries(_ ids: some Sequence<String>) -> [ResourceSummary] {
    tables.rows(ids).map { ResourceSummary(type: $0.resource.type, id: $0.resource.id, label: $0.resource.label) }
  }
}

extension InMemoryTransaction: DirectoryTransaction {
  func insert(_ resource: StoredResource) {
    tables.insert(tables.makeRow(resource))
    undo.append { $0.remove(resource.id) }
  }

  func update(_ resource: StoredResource) {
    guard let old = tables.replace(resource) else { return }
    undo.append { $0.replace(old) }
  }

  func delete(_ id: String) {
    for container in tables.containers[id] ?? [] {
      guard let attribute = tables.members[container]?[id] else { continue }
      remove([Membership(container: container, attribute: attribute, member: id)])
    }
    for (member, attribute) in tables.members[id] ?? [:] {
      remove([Membership(container: id, attribute: attribute, member: member)])
    }
    let identities = tables.identities.filter { $0.value == id }
    for identity in identities.keys { tables.identities[identity] = nil }
    undo.append { $0.identities.merge(identities) { _, old in old } }
    guard let row = tables.remove(id) else { return }
    undo.append { $0.insert(row) }
  }

  func add(_ memberships: [Membership]) {
    for membership in memberships where tables.link(membership) {
      undo.append { _ = $0.unlink(membership) }
    }
  }

  func remove(_ memberships: [Membership]) {
    for membership in memberships where tables.unlink(membership) {
      undo.append { _ = $0.link(membership) }
    }
  }

  func setPasswordHash(_ hash: String?, of id: String) {
    let old = tables.setPasswordHash(hash, of: id)
    undo.append { $0.setPasswordHash(old, of: id) }
  }

  func endAccess(of user: String) { ended.insert(user) }

  func add(_ identity: FederatedIdentity, to user: String) {
    tables.identities[identity] = user
    undo.append { $0.identities[identity] = nil }
  }

  func keepPassword(_ sealed: String, of id: String, for connectors: [String]) {
    let old = tables.sealedPasswords[id]
    for connector in connectors { tables.sealedPasswords[id, default: [:]][connector] = sealed }
    undo.append { $0.sealedPasswords[id] = old }
  }

  func append(_ event: DirectoryEvent) {
    var event = event
    event.sequence = tables.events.count + 1
    tables.events.append(event)
    undo.append { $0.events.removeLast() }
  }
}
