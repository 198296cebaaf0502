import JSON
import LocalDirectory

extension SQLTransaction: DirectoryTransaction {
  func insert(_ resource: StoredResource) throws {
    let sql = """
      INSERT INTO resource (type, id, label, version, created, modified, document) VALUES ($1, $2, $3, $4, $5, $6, $7)
      RETURNING sequence
      """
    let sequences = try connection.rows(
      sql,
      [
        resource.type, resource.id, resource.label, resource.version, Timestamp.milliseconds(resource.created),
        Timestamp.milliseconds(resource.lastModified), StoredDocument.encoded(resource.attributes),
      ]
    ) { $0.integer(0) }
    for sequence in sequences {
      try changeKeys(of: nil, to: resource, sequence: sequence)
      try tallyInsert(resource.type, sequence: sequence)
    }
  }

  func update(_ resource: StoredResource) throws {
    let find = "SELECT \(Self.columns), sequence FROM resource WHERE id = $1"
    guard let old = try connection.rows(find, [resource.id], sequencedResource).first else { return }
    try connection.execute(
      "UPDATE resource SET label = $1, version = $2, modified = $3, document = $4 WHERE sequence = $5",
      [
        resource.label, resource.version, Timestamp.milliseconds(resource.lastModified),
        StoredDocument.encoded(resource.attributes), old.sequence,
      ])
    try changeKeys(of: old.resource, to: resource, sequence: old.sequence)
  }

  func delete(_ id: String) throws {
    let sql = "DELETE FROM resource WHERE id = $1 RETURNING \(Self.columns), sequence"
    for old in try connection.rows(sql, [id], sequencedResource) {
      try changeKeys(of: old.resource, to: nil, sequence: old.sequence)
      try tallyDelete(old.resource.type, sequence: old.sequence)
    }
  }

  func add(_ memberships: [Membership]) throws {
    let sql = """
      INSERT INTO membership (container, member, attribute)
      SELECT c.sequence, m.sequence, $1 FROM resource c CROSS JOIN resource m
      WHERE c.id = $2 AND m.id IN (\(Self.list("$3"))) ON CONFLICT DO NOTHING
      """
    for (place, members) in Self.grouped(memberships) {
      try connection.execute(sql, [place.attribute, place.container, Self.list(members)])
    }
  }

  func remove(_ memberships: [Membership]) throws {
    let sql = """
      DELETE FROM membership WHERE container = (SELECT sequence FROM resource WHERE id = $1)
      AND member IN (SELECT sequence FROM resource WHERE id IN (\(Self.list("$2"))))
      """
    for (place, members) in Self.grouped(memberships) {
      try connection.execute(sql, [place.container, Self.list(members)])
    }
  }

  func setPasswordHash(_ hash: String?, of id: String) throws {
    if let hash {
      let sql = """
        INSERT INTO password (hash, resource) SELECT $1, sequence FROM resource WHERE id = $2
        ON CONFLICT (resource) DO UPDATE SET hash = excluded.hash
        """
      try connection.execute(sql, [hash, id])
    } else {
      let sql = "DELETE FROM password WHERE resource = (SELECT sequence FROM resource WHERE id = $1)"
      try connection.execute(sql, [id])
    }
  }

  func endAccess(of user: String) throws { try endSessions(ofUser: user) }

  func append(_ event: DirectoryEvent) throws {
    try connection.execute(
      "INSERT INTO event (time, actor, address, action, type, id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      [
        Timestamp.milliseconds(event.time), event.author.name, event.author.address, event.action.rawValue,
        event.resourceType, event.id, EventDetail.encoded(event).serialized(),
      ])
  }

  private func sequencedResource(_ row: Connection.Row) throws -> (resource: StoredResource, sequence: Int) {
    (try resource(row), row.integer(6))
  }

  /// The members by where they stand.
  private static func grouped(_ memberships: [Membership]) -> [MembershipPlace: [String]] {
    Dictionary(grouping: memberships) { MembershipPlace(container: $0.container, attribute: $0.attribute) }
      .mapValues { $0.map(\.member) }
  }
}

/// The list of a container that members stand in.
private struct MembershipPlace: Hashable {
  var container: String
  var attribute: String
}
