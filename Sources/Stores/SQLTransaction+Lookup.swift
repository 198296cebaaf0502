import LocalDirectory

/// The table `lookup`, where filters find resources by their keys. The keys follow from the document, so nothing but the
/// document is asked for those that a write takes away.
extension SQLTransaction {
  /// What `lookup` calls an attribute of the type in one parameter, which the parameter after it names.
  static func attributeNumber(_ type: String, _ attribute: String) -> String {
    "(SELECT number FROM lookup_attribute WHERE type = \(type) AND attribute = \(attribute))"
  }

  /// Touches only the keys that are not the same, for most writes change none.
  func changeKeys(of resource: StoredResource?, to successor: StoredResource?, sequence: Int) throws {
    let (old, new) = (IndexKey.keys(of: resource), IndexKey.keys(of: successor))
    for key in old.subtracting(new) { try delete(key, sequence) }
    for key in new.subtracting(old) { try insert(key, sequence) }
  }

  private func delete(_ key: IndexKey, _ sequence: Int) throws {
    let sql = """
      DELETE FROM lookup WHERE attribute = \(Self.attributeNumber("$1", "$2")) AND value = $3 AND resource = $4
      """
    try connection.execute(sql, [key.type, key.attribute, key.value, sequence])
  }

  private func insert(_ key: IndexKey, _ sequence: Int) throws {
    if try insertNumbered(key, sequence) { return }
    try connection.execute(
      "INSERT INTO lookup_attribute (type, attribute) VALUES ($1, $2)", [key.type, key.attribute])
    _ = try insertNumbered(key, sequence)
  }

  /// False, and nothing is written, when the attribute has no number yet.
  private func insertNumbered(_ key: IndexKey, _ sequence: Int) throws -> Bool {
    let sql = """
      INSERT INTO lookup (attribute, value, resource)
      SELECT number, $1, CAST($2 AS bigint) FROM lookup_attribute WHERE type = $3 AND attribute = $4
      RETURNING attribute
      """
    return try !connection.rows(sql, [key.value, sequence, key.type, key.attribute]) { $0.integer(0) }.isEmpty
  }
}

/// A key as the table `lookup` holds it.
private struct IndexKey: Hashable {
  var type: String
  var attribute: String
  var value: String

  static func keys(of resource: StoredResource?) -> Set<IndexKey> {
    guard let resource else { return [] }
    return Set(
      LookupKey.keys(of: resource).map {
        IndexKey(type: resource.type, attribute: $0.attribute, value: $0.indexValue)
      })
  }
}
