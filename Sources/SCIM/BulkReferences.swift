import JSON

/// The temporary identifiers by which the operations of a bulk request name what others of them create
/// (RFC 7644 section 3.7.2): `bulkId:qwerty`.
package enum BulkReferences {
  private static let prefix = "bulkId:"

  /// The bulkId that a text names; nil when it is no reference.
  package static func bulkId(_ text: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  /// What the value names in places where the id of a resource belongs; a text elsewhere may begin as it likes.
  package static func named(in value: JSONValue) -> Set<String> {
    switch value {
    case .object(let object):
      object.members.reduce(into: []) { names, member in
        if let text = member.value.string, namesResource(member.key), let id = bulkId(text) { names.insert(id) }
        names.formUnion(named(in: member.value))
      }
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(named(in: $1)) }
    case .string, .number, .bool, .null: []
    }
  }

  /// The value with each reference replaced by what it stands for; one that has no id is left as it is.
  package static func resolved(_ value: JSONValue, _ ids: [String: String]) -> JSONValue {
    switch value {
    case .object(let object):
      .object(
        JSONObject(
          uniqueMembers: object.members.map { member in
            let id = member.value.string.flatMap { namesResource(member.key) ? bulkId($0) : nil }.flatMap { ids[$0] }
            return .init(key: member.key, value: id.map(JSONValue.string) ?? resolved(member.value, ids))
          }))
    case .array(let elements): .array(elements.map { resolved($0, ids) })
    case .string, .number, .bool, .null: value
    }
  }

  /// Members carry an id in `value`, and a bare `manager` is one; in a PATCH `value` is the operation's own, and a key
  /// may be a path: `manager.value`.
  private static func namesResource(_ key: String) -> Bool {
    let last = key.split(whereSeparator: { $0 == "." || $0 == ":" }).last?.lowercased()
    return last == "value" || last == "manager"
  }
}
