import Foundation
import OpenID

/// The tables of ``InMemoryDirectoryStore``, each with the index that the questions of ``DirectoryReader`` need.
struct DirectoryTables: Sendable {
  struct Row: Sendable {
    /// The order of creation.
    var sequence: Int
    var resource: StoredResource
    var passwordHash: String?
  }

  private struct IndexEntry: Hashable, Sendable {
    var type: String
    var key: LookupKey
  }

  private(set) var rows: [String: Row] = [:]
  /// The members of a container with the attribute that lists each.
  private(set) var members: [String: [String: String]] = [:]
  private(set) var containers: [String: Set<String>] = [:]
  var events: [DirectoryEvent] = []
  /// By user and connector: written as every store does, although nobody delivers from memory.
  var sealedPasswords: [String: [String: String]] = [:]
  /// The users whom identities elsewhere belong to.
  var identities: [FederatedIdentity: String] = [:]
  private var nextSequence = 1
  /// The sequence numbers of each type, ascending.
  private var order: [String: [Int]] = [:]
  private var ids: [Int: String] = [:]
  private var index: [IndexEntry: Set<String>] = [:]

  func count(_ type: String) -> Int { order[type]?.count ?? 0 }

  func page(_ type: String, offset: Int, limit: Int) -> [StoredResource] {
    (order[type] ?? []).dropFirst(offset).prefix(limit).compactMap { ids[$0].flatMap { rows[$0]?.resource } }
  }

  func page(_ type: String, after position: Int, limit: Int) -> [Row] {
    let order = order[type] ?? []
    let start = order.partitioningIndex { $0 > position }
    return order[start...].prefix(limit).compactMap { ids[$0].flatMap { rows[$0] } }
  }

  func ids(with key: LookupKey, of type: String) -> Set<String> { index[IndexEntry(type: type, key: key)] ?? [] }

  /// Those with a key of the attribute in a range of index values. A walk over the index: it has no order.
  func ids(with attribute: String, from start: String, before end: String?, of type: String) -> Set<String> {
    index.reduce(into: []) { found, entry in
      guard entry.key.type == type, entry.key.key.attribute == attribute else { return }
      let value = entry.key.key.indexValue.unicodeScalars
      let isBehind = end.map { !value.lexicographicallyPrecedes($0.unicodeScalars) } ?? false
      if !value.lexicographicallyPrecedes(start.unicodeScalars) && !isBehind { found.formUnion(entry.value) }
    }
  }

  func ids(of type: String, _ time: Narrowing.Time, in range: ClosedRange<Int>) -> Set<String> {
    Set(
      rows.values.lazy.map(\.resource)
        .filter { $0.type == type && range.contains(Timestamp.milliseconds($0[time])) }.map(\.id))
  }

  /// What a container lists, and what the containers in it list.
  func members(below container: String) -> Set<String> {
    var found: Set<String> = []
    var open = [container]
    while let next = open.popLast() {
      for member in (members[next] ?? [:]).keys where found.insert(member).inserted { open.append(member) }
    }
    return found
  }

  /// The rows with these ids in the order of creation.
  func rows(_ ids: some Sequence<String>) -> [Row] {
    ids.compactMap { rows[$0] }.sorted { $0.sequence < $1.sequence }
  }

  mutating func makeRow(_ resource: StoredResource) -> Row {
    defer { nextSequence += 1 }
    return Row(sequence: nextSequence, resource: resource)
  }

  mutating func insert(_ row: Row) {
    let resource = row.resource
    rows[resource.id] = row
    ids[row.sequence] = resource.id
    let position = (order[resource.type] ?? []).partitioningIndex { $0 > row.sequence }
    order[resource.type, default: []].insert(row.sequence, at: position)
    addKeys(of: resource)
  }

  @discardableResult
  mutating func remove(_ id: String) -> Row? {
    guard let row = rows.removeValue(forKey: id) else { return nil }
    ids[row.sequence] = nil
    if let position = order[row.resource.type]?.partitioningIndex(where: { $0 >= row.sequence }) {
      order[row.resource.type]?.remove(at: position)
    }
    removeKeys(of: row.resource)
    return row
  }

  /// Replaces the resource and returns the one before.
  @discardableResult
  mutating func replace(_ resource: StoredResource) -> StoredResource? {
    guard let old = rows[resource.id]?.resource else { return nil }
    removeKeys(of: old)
    rows[resource.id]?.resource = resource
    addKeys(of: resource)
    return old
  }

  /// Sets the password hash and returns the one before.
  @discardableResult
  mutating func setPasswordHash(_ hash: String?, of id: String) -> String? {
    defer { rows[id]?.passwordHash = hash }
    return rows[id]?.passwordHash
  }

  /// Whether the membership is new.
  mutating func link(_ membership: Membership) -> Bool {
    guard containers[membership.member, default: []].insert(membership.container).inserted else { return false }
    members[membership.container, default: [:]][membership.member] = membership.attribute
    return true
  }

  /// Whether the membership was there.
  mutating func unlink(_ membership: Membership) -> Bool {
    guard containers[membership.member]?.remove(membership.container) != nil else { return false }
    members[membership.container]?[membership.member] = nil
    return true
  }

  private mutating func addKeys(of resource: StoredResource) {
    for key in LookupKey.keys(of: resource) {
      index[IndexEntry(type: resource.type, key: key), default: []].insert(resource.id)
    }
  }

  private mutating func removeKeys(of resource: StoredResource) {
    for key in LookupKey.keys(of: resource) {
      let entry = IndexEntry(type: resource.type, key: key)
      index[entry]?.remove(resource.id)
      if index[entry]?.isEmpty == true { index[entry] = nil }
    }
  }
}

extension [Int] {
  /// The first index whose element satisfies the predicate, in an array where all that do stand behind all that do not.
  fileprivate func partitioningIndex(where isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension StoredResource {
  fileprivate subscript(time: Narrowing.Time) -> Date {
    switch time {
    case .created: created
    case .modified: lastModified
    }
  }
}
