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
        if let text = member.value.string { names.formUnion(named(in: text, under: member.key)) }
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
            guard let text = member.value.string else {
              return .init(key: member.key, value: resolved(member.value, ids))
            }
            return .init(key: member.key, value: .string(resolved(text, under: member.key, ids)))
          }))
    case .array(let elements): .array(elements.map { resolved($0, ids) })
    case .string, .number, .bool, .null: value
    }
  }

  private static func named(in text: String, under key: String) -> [String] {
    if namesResource(key) { return [bulkId(text)].compactMap(\.self) }
    return isPath(key) ? quoted(text).filter(\.isQuoted).compactMap { bulkId($0.text) } : []
  }

  private static func resolved(_ text: String, under key: String, _ ids: [String: String]) -> String {
    let known = { (text: String) in bulkId(text).flatMap { ids[$0] } ?? text }
    if namesResource(key) { return known(text) }
    guard isPath(key) else { return text }
    return quoted(text).map { $0.isQuoted ? known($0.text) : $0.text }.joined(separator: "\"")
  }

  /// The path of a PATCH may select by an id: `members[value eq "bulkId:qwerty"]`.
  private static func isPath(_ key: String) -> Bool { key.lowercased() == "path" }

  /// The text between quotes, and what is not between any.
  private static func quoted(_ path: String) -> [(text: String, isQuoted: Bool)] {
    path.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .map { (text: String($0.element), isQuoted: !$0.offset.isMultiple(of: 2)) }
  }

  /// Members carry an id in `value`, and a bare `manager` is one; in a PATCH `value` is the operation's own, and a key
  /// may be a path: `manager.value`.
  private static func namesResource(_ key: String) -> Bool {
    let last = key.split(whereSeparator: { $0 == "." || $0 == ":" }).last?.lowercased()
    return last == "value" || last == "manager"
  }
}
