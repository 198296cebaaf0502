import Foundation
import GRDB
import JSON
import LocalDirectory

extension SQLiteTransaction: DirectoryTransaction {
  func insert(_ resource: StoredResource) throws {
    try execute(
      "INSERT INTO resource (type, id, label, version, created, modified, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        resource.type, resource.id, resource.label, resource.version, Timestamp.milliseconds(resource.created),
        Timestamp.milliseconds(resource.lastModified), Data(resource.attributes.serialized()),
      ])
    try insert(LookupKey.keys(of: resource), type: resource.type, sequence: db.lastInsertedRowID)
  }

  func update(_ resource: StoredResource) throws {
    try execute(
      "UPDATE resource SET label = ?, version = ?, modified = ?, document = ? WHERE id = ?",
      [
        resource.label, resource.version, Timestamp.milliseconds(resource.lastModified),
        Data(resource.attributes.serialized()), resource.id,
      ])
    try updateKeys(of: resource)
  }

  func delete(_ id: String) throws {
    try execute("DELETE FROM resource WHERE id = ?", [id])
  }

  func add(_ memberships: [Membership]) throws {
    let sql = """
      INSERT OR IGNORE INTO membership (container, member, attribute)
      SELECT c.sequence, m.sequence, ? FROM resource c CROSS JOIN resource m WHERE c.id = ? AND m.id = ?
      """
    for membership in memberships {
      try execute(sql, [membership.attribute, membership.container, membership.member])
    }
  }

  func remove(_ memberships: [Membership]) throws {
    let sql = """
      DELETE FROM membership WHERE container = (SELECT sequence FROM resource WHERE id = ?)
      AND member = (SELECT sequence FROM resource WHERE id = ?)
      """
    for membership in memberships { try execute(sql, [membership.container, membership.member]) }
  }

  func setPasswordHash(_ hash: String?, of id: String) throws {
    if let hash {
      let sql = "INSERT OR REPLACE INTO password (resource, hash) SELECT sequence, ? FROM resource WHERE id = ?"
      try execute(sql, [hash, id])
    } else {
      try execute("DELETE FROM password WHERE resource = (SELECT sequence FROM resource WHERE id = ?)", [id])
    }
  }

  func append(_ event: DirectoryEvent) throws {
    try execute(
      "INSERT INTO event (time, actor, address, action, type, id, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        Timestamp.milliseconds(event.time), event.author.name, event.author.address, event.action.rawValue,
        event.resourceType, event.id, Data(EventDetail.encoded(event).serialized()),
      ])
  }

  /// Touches only the keys that are not the same, for most writes change none.
  private func updateKeys(of resource: StoredResource) throws {
    let find = try db.cachedStatement(sql: "SELECT sequence FROM resource WHERE id = ?")
    guard let sequence = try Int64.fetchOne(find, arguments: [resource.id]) else { return }
    let list = try db.cachedStatement(sql: "SELECT attribute, value FROM lookup WHERE resource = ?")
    let old = Set(try Row.fetchAll(list, arguments: [sequence]).map { LookupKey(attribute: $0[0], value: $0[1]) })
    let new = LookupKey.keys(of: resource)
    for key in old.subtracting(new) {
      try execute(
        "DELETE FROM lookup WHERE type = ? AND attribute = ? AND value = ? AND resource = ?",
        [resource.type, key.attribute, key.value, sequence])
    }
    try insert(new.subtracting(old), type: resource.type, sequence: sequence)
  }

  private func insert(_ keys: Set<LookupKey>, type: String, sequence: Int64) throws {
    for key in keys {
      try execute(
        "INSERT INTO lookup (type, attribute, value, resource) VALUES (?, ?, ?, ?)",
        [type, key.attribute, key.value, sequence])
    }
  }
}
