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
  private var nextSequence = 1
  /// The sequence numbers of each type, ascending.
  private var order: [String: [Int]] = [:]
  private var ids: [Int: String] = [:]
  private var index: [IndexEntry: Set<String>] = [:]

  func count(_ type: String) -> Int { order[type]?.count ?? 0 }

  func page(_ type: String, offset: Int, limit: Int) -> [StoredResource] {
    (order[type] ?? []).dropFirst(offset).prefix(limit).compactMap { ids[$0].flatMap { rows[$0]?.resource } }
  }

  func ids(with key: LookupKey, of type: String) -> Set<String> { index[IndexEntry(type: type, key: key)] ?? [] }

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
    let position = order[resource.type]?.lastIndex { $0 < row.sequence }.map { $0 + 1 } ?? 0
    order[resource.type, default: []].insert(row.sequence, at: position)
    addKeys(of: resource)
  }

  @discardableResult
  mutating func remove(_ id: String) -> Row? {
    guard let row = rows.removeValue(forKey: id) else { return nil }
    ids[row.sequence] = nil
    order[row.resource.type]?.removeAll { $0 == row.sequence }
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
