import JSON
import OpenID

/// Where the directory keeps its resources: transactions over resources, memberships, password hashes and events.
///
/// The closures are synchronous, so that a store may run many of them in one transaction of its database and a
/// transaction never waits for anything but the database. All methods throw the store's own errors and whatever the
/// closure throws.
package protocol DirectoryStore: Sendable {
  /// Runs the closure over one consistent snapshot, of which it reads little: a store may do that on the caller's thread.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value

  /// Runs the closure over one consistent snapshot, of which it may read everything. Nobody else waits for it.
  func walk<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value

  /// Runs the closure alone among all writers; what it wrote is durable when this returns, and undone when it throws.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value
}

extension DirectoryStore {
  /// As ``read(_:)``, for stores that never read on the caller's thread.
  package func walk<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    try await read(body)
  }
}

/// The reading half of a transaction. Resources come in the order of their creation.
package protocol DirectoryReader {
  /// nil when there is none of this type and id.
  func resource(_ type: String, _ id: String) throws -> StoredResource?

  /// The same with the attributes as text; nil also when they have to be looked into.
  func text(_ type: String, _ id: String) throws -> StoredText?

  /// A page as ``page(_:offset:limit:)`` with the attributes as text; nil when those of any have to be looked into.
  func texts(_ type: String, offset: Int, limit: Int) throws -> [StoredText]?

  /// What a narrowing finds, as ``scan(_:narrowedBy:_:)`` visits it, with the attributes as text; nil when those of any have
  /// to be looked into.
  func texts(_ type: String, narrowedBy narrowing: Narrowing) throws -> [StoredText]?

  func count(_ type: String) throws -> Int

  /// A page of all resources of a type; the offset counts from 0 and is skipped without reading what it skips.
  func page(_ type: String, offset: Int, limit: Int) throws -> [StoredResource]

  /// The next resources of a type after a position, each with its own. Positions ascend in the order of creation from
  /// 1, stay what they are and are never given twice, so a listing that goes on after the last position it has seen
  /// neither repeats nor misses what was there all the time; 0 is before the first.
  func page(_ type: String, after position: Int, limit: Int) throws -> [(position: Int, resource: StoredResource)]

  /// Visits every resource of a type that the narrowing finds, and maybe others; all of them without a narrowing.
  func scan(_ type: String, narrowedBy narrowing: Narrowing?, _ visit: (StoredResource) throws -> Void) throws

  /// The resources with this key in the index.
  func resources(with key: LookupKey, of type: String) throws -> [StoredResource]

  /// Type and label of the resources with these ids; ids that nobody has are left out.
  func summaries(of ids: [String]) throws -> [ResourceSummary]

  /// The members of a container, by the attribute that lists them.
  func members(of container: String, in attribute: String) throws -> [ResourceSummary]

  /// Which of these ids are members.
  func members(among ids: [String], of container: String, in attribute: String) throws -> Set<String>

  /// The groups and roles that list these resources themselves, by the id of each; those in none are left out.
  func containers(of members: [String]) throws -> [String: [ResourceSummary]]

  func passwordHash(of id: String) throws -> String?

  /// The id of the user whom another provider's identity belongs to; nil when it belongs to nobody.
  func user(of identity: FederatedIdentity) throws -> String?

  /// The identities of a user, by their issuers.
  func identities(of user: String) throws -> [FederatedIdentity]

  /// The events after a sequence number, oldest first.
  func events(after sequence: Int, limit: Int) throws -> [DirectoryEvent]

  /// The sequence number of the last event; 0 when there is none.
  func lastEvent() throws -> Int

  /// The updates and deletes of a resource after a sequence number, oldest first.
  func changes(of id: String, after sequence: Int, limit: Int) throws -> [DirectoryEvent]
}

extension DirectoryReader {
  package func text(_ type: String, _ id: String) throws -> StoredText? {
    try resource(type, id).flatMap(StoredText.init)
  }

  package func texts(_ type: String, offset: Int, limit: Int) throws -> [StoredText]? {
    Self.texts(try page(type, offset: offset, limit: limit))
  }

  package func texts(_ type: String, narrowedBy narrowing: Narrowing) throws -> [StoredText]? {
    var found: [StoredResource] = []
    try scan(type, narrowedBy: narrowing) { found.append($0) }
    return Self.texts(found)
  }

  private static func texts(_ resources: [StoredResource]) -> [StoredText]? {
    let texts = resources.compactMap(StoredText.init)
    return texts.count == resources.count ? texts : nil
  }

  /// The groups and roles that list this resource themselves.
  package func containers(of member: String) throws -> [ResourceSummary] {
    try containers(of: [member])[member] ?? []
  }
}

/// A transaction that writes.
package protocol DirectoryTransaction: DirectoryReader {
  func insert(_ resource: StoredResource) throws

  /// Replaces the resource with the same id, lookup keys included.
  func update(_ resource: StoredResource) throws

  /// Deletes a resource, its password, its identities elsewhere and its memberships in both directions.
  func delete(_ id: String) throws

  /// Adds memberships of existing resources; one that is there already stays.
  func add(_ memberships: [Membership]) throws

  func remove(_ memberships: [Membership]) throws

  /// nil takes the password away.
  func setPasswordHash(_ hash: String?, of id: String) throws

  /// Ends the sessions of a user, and takes back all that the user has granted, with the codes and tokens that came of it.
  func endAccess(of user: String) throws

  /// Gives an identity that belongs to nobody to a user who has none of its issuer.
  func add(_ identity: FederatedIdentity, to user: String) throws

  /// Keeps a sealed password of a user for the connectors of these names, each in place of an earlier one.
  func keepPassword(_ sealed: String, of id: String, for connectors: [String]) throws

  /// Appends an event; the store gives it its sequence number.
  func append(_ event: DirectoryEvent) throws
}
