import JSON

/// How listings are paged, as `/ServiceProviderConfig` tells it (RFC 9865 section 4).
package struct Pagination: Hashable, Sendable {
  package enum Method: String, Sendable { case index, cursor }

  package var supportsCursors: Bool
  package var supportsIndex: Bool
  /// What a query without `startIndex` and `cursor` gets; nil when not said.
  package var defaultMethod: Method?
  /// The resources on a page when the client does not say; nil when not said.
  package var defaultPageSize: Int?
  package var maxPageSize: Int?
  /// How many seconds a cursor is good at least; nil when it does not expire, or nobody says.
  package var cursorTimeout: Int?

  package init(
    supportsCursors: Bool, supportsIndex: Bool = true, defaultMethod: Method? = nil, defaultPageSize: Int? = nil,
    maxPageSize: Int? = nil, cursorTimeout: Int? = nil
  ) {
    self.supportsCursors = supportsCursors
    self.supportsIndex = supportsIndex
    self.defaultMethod = defaultMethod
    self.defaultPageSize = defaultPageSize
    self.maxPageSize = maxPageSize
    self.cursorTimeout = cursorTimeout
  }

  var json: JSONValue {
    var json: JSONObject = ["cursor": .bool(supportsCursors), "index": .bool(supportsIndex)]
    json["defaultPaginationMethod"] = defaultMethod.map { .string($0.rawValue) }
    json["defaultPageSize"] = defaultPageSize.map { .number(JSONNumber($0)) }
    json["maxPageSize"] = maxPageSize.map { .number(JSONNumber($0)) }
    json["cursorTimeout"] = cursorTimeout.map { .number(JSONNumber($0)) }
    return .object(json)
  }

  /// nil unless it is said at least whether there are cursors.
  init?(_ json: JSONObject) {
    guard let cursor = json.value(ignoringCase: "cursor")?.bool else { return nil }
    func number(_ name: String) -> Int? { json.value(ignoringCase: name)?.int.flatMap { $0 > 0 ? $0 : nil } }
    self.init(
      supportsCursors: cursor, supportsIndex: json.value(ignoringCase: "index")?.bool ?? !cursor,
      defaultMethod: json.value(ignoringCase: "defaultPaginationMethod")?.string.flatMap(Method.init(rawValue:)),
      defaultPageSize: number("defaultPageSize"), maxPageSize: number("maxPageSize"),
      cursorTimeout: number("cursorTimeout"))
  }
}
