import JSON

/// How a store writes the attributes of a resource: as compact JSON, in which the key of an extension is short, for it would
/// be a tenth of the whole. `+enterprise:2.0:User` stands for `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`;
/// no attribute has a name that begins so (RFC 7643 section 2.1).
enum StoredDocument {
  private static let prefix = "urn:ietf:params:scim:schemas:extension:"
  private static let mark = "+"

  static func encoded(_ attributes: JSONObject) -> [UInt8] { replacing(prefix, by: mark, in: attributes).serialized() }

  static func decoded(_ document: JSONObject) -> JSONObject { replacing(mark, by: prefix, in: document) }

  /// The name of an attribute by its spelling in the document.
  static func decoded(_ key: String) -> String { replacing(mark, by: prefix, in: key) }

  private static func replacing(_ start: String, by other: String, in key: String) -> String {
    key.hasPrefix(start) ? other + key.dropFirst(start.count) : key
  }

  private static func replacing(_ start: String, by other: String, in object: JSONObject) -> JSONObject {
    guard object.members.contains(where: { $0.key.hasPrefix(start) }) else { return object }
    return JSONObject(
      uniqueMembers: object.members.map { .init(key: replacing(start, by: other, in: $0.key), value: $0.value) })
  }
}
