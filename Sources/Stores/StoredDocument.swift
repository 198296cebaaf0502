import JSON

/// How a store writes the attributes of a resource: as compact JSON, in which the key of an extension is short, for it would
/// be a tenth of the whole. `+enterprise:2.0:User` stands for `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`;
/// no attribute has a name that begins so (RFC 7643 section 2.1).
enum StoredDocument {
  private static let prefix = "urn:ietf:params:scim:schemas:extension:"
  private static let mark = "+"

  static func encoded(_ attributes: JSONObject) -> [UInt8] { replacing(prefix, by: mark, in: attributes).serialized() }

  static func decoded(_ document: JSONObject) -> JSONObject { replacing(mark, by: prefix, in: document) }

  private static func replacing(_ start: String, by other: String, in object: JSONObject) -> JSONObject {
    guard object.members.contains(where: { $0.key.hasPrefix(start) }) else { return object }
    return JSONObject(
      uniqueMembers: object.members.map { member in
        guard member.key.hasPrefix(start) else { return member }
        return .init(key: other + member.key.dropFirst(start.count), value: member.value)
      })
  }
}
