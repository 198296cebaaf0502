import Foundation
import JSON
import SCIM

/// A schema extension as a store keeps it: a resource of the type `Schema` (RFC 7643 section 7) with its URN for an id.
struct KeptSchema {
  static let type = "Schema"

  var stored: StoredResource
  var schema: SchemaExtension

  func isNamed(_ urn: String) -> Bool { schema.id.lowercased() == urn.lowercased() }
}

extension DirectoryReader {
  func keptSchemas() throws -> [KeptSchema] {
    try page(KeptSchema.type, offset: 0, limit: .max).compactMap { stored in
      SchemaExtension(stored.attributes).map { KeptSchema(stored: stored, schema: $0) }
    }
  }

  /// Whether a resource has attributes of this schema.
  func uses(_ schema: SchemaExtension) throws -> Bool {
    var isUsed = false
    try scan(schema.resourceType, narrowedBy: nil) { resource in
      isUsed = isUsed || resource.attributes.value(ignoringCase: schema.id) != nil
    }
    return isUsed
  }
}

/// Keeps and forgets schemas within one transaction, an event for each change.
struct SchemaKeeper {
  let transaction: any DirectoryTransaction
  let time: Date
  let author: Author

  /// - Throws: `SCIMError` 409 when the schema would leave the resource type whose resources use it: their attributes
  ///   would be without a schema, and secrets among them without protection.
  func keep(_ schema: SchemaExtension, inPlaceOf kept: KeptSchema?) throws {
    guard let kept else { return try insert(schema) }
    guard kept.schema != schema else { return }
    if kept.schema.resourceType != schema.resourceType, try transaction.uses(kept.schema) {
      throw SCIMError(
        status: 409, .mutability,
        "The schema \(kept.schema.id) extends \(kept.schema.resourceType), whose resources use it.")
    }
    guard kept.schema.id == schema.id else {
      // Spelled in another way: the id of a resource never changes.
      try remove(kept)
      return try insert(schema)
    }
    var changed = kept.stored
    changed.attributes = schema.json
    changed.version += 1
    changed.lastModified = time
    try transaction.update(changed)
    try record(
      .update, id: schema.id, .updated(from: kept.stored.attributes, to: schema.json, version: changed.version))
  }

  /// - Returns: whether the schema is forgotten; one that resources use is not.
  func forget(_ kept: KeptSchema) throws -> Bool {
    if try transaction.uses(kept.schema) { return false }
    try remove(kept)
    return true
  }

  private func insert(_ schema: SchemaExtension) throws {
    try transaction.insert(
      StoredResource(
        type: KeptSchema.type, id: schema.id, attributes: schema.json, version: 1, created: time, lastModified: time))
    try record(.create, id: schema.id, .created)
  }

  private func remove(_ kept: KeptSchema) throws {
    try transaction.delete(kept.schema.id)
    try record(.delete, id: kept.schema.id, .deleted(kept.stored.attributes))
  }

  private func record(_ action: DirectoryEvent.Action, id: String, _ attributes: AttributeRecord) throws {
    try transaction.append(
      DirectoryEvent(
        time: time, author: author, action: action, resourceType: KeptSchema.type, id: id, attributes: attributes))
  }
}
