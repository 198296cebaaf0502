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
        Timestamp.milliseconds(resource.lastModified), resource.attributes.serialized(),
      ]
    ) { $0.integer(0) }
    for sequence in sequences {
      try insert(Self.indexKeys(of: resource), type: resource.type, sequence: sequence)
      try tallyInsert(resource.type, sequence: sequence)
    }
  }

  func update(_ resource: StoredResource) throws {
    let sql = """
      UPDATE resource SET label = $1, version = $2, modified = $3, document = $4 WHERE id = $5 RETURNING sequence
      """
    let sequences = try connection.rows(
      sql,
      [
        resource.label, resource.version, Timestamp.milliseconds(resource.lastModified),
        resource.attributes.serialized(), resource.id,
      ]
    ) { $0.integer(0) }
    for sequence in sequences { try updateKeys(of: resource, sequence: sequence) }
  }

  func delete(_ id: String) throws {
    let deleted = try connection.rows("DELETE FROM resource WHERE id = $1 RETURNING type, sequence", [id]) {
      (type: $0.text(0), sequence: $0.integer(1))
    }
    for resource in deleted { try tallyDelete(resource.type, sequence: resource.sequence) }
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

  func append(_ event: DirectoryEvent) throws {
    try connection.execute(
      "INSERT INTO event (time, actor, address, action, type, id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      [
        Timestamp.milliseconds(event.time), event.author.name, event.author.address, event.action.rawValue,
        event.resourceType, event.id, EventDetail.encoded(event).serialized(),
      ])
  }

  /// Touches only the keys that are not the same, for most writes change none.
  private func updateKeys(of resource: StoredResource, sequence: Int) throws {
    let list = "SELECT attribute, value FROM lookup WHERE resource = $1"
    let old = Set(try connection.rows(list, [sequence]) { IndexKey(attribute: $0.text(0), value: $0.text(1)) })
    let new = Self.indexKeys(of: resource)
    for key in old.subtracting(new) {
      try connection.execute(
        "DELETE FROM lookup WHERE type = $1 AND attribute = $2 AND value = $3 AND resource = $4",
        [resource.type, key.attribute, key.value, sequence])
    }
    try insert(new.subtracting(old), type: resource.type, sequence: sequence)
  }

  private func insert(_ keys: Set<IndexKey>, type: String, sequence: Int) throws {
    for key in keys {
      try connection.execute(
        "INSERT INTO lookup (type, attribute, value, resource) VALUES ($1, $2, $3, $4)",
        [type, key.attribute, key.value, sequence])
    }
  }

  private static func indexKeys(of resource: StoredResource) -> Set<IndexKey> {
    Set(LookupKey.keys(of: resource).map { IndexKey(attribute: $0.attribute, value: $0.indexValue) })
  }

  /// The members by where they stand.
  private static func grouped(_ memberships: [Membership]) -> [MembershipPlace: [String]] {
    Dictionary(grouping: memberships) { MembershipPlace(container: $0.container, attribute: $0.attribute) }
      .mapValues { $0.map(\.member) }
  }
}

/// A row of the table `lookup`.
private struct IndexKey: Hashable {
  var attribute: String
  var value: String
}

/// The list of a container that members stand in.
private struct MembershipPlace: Hashable {
  var container: String
  var attribute: String
}
