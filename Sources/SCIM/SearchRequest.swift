import JSON

/// A query in the body of a POST to `/.search` (RFC 7644 section 3.4.3).
package struct SearchRequest: Hashable, Sendable {
  package var attributes: [AttributePath]
  package var excludedAttributes: [AttributePath]
  package var filter: Filter?
  package var sortBy: AttributePath?
  package var descending: Bool
  /// Counted from 1; nil when not said.
  package var startIndex: Int?
  package var count: Int?
  /// Where to go on; empty for the first page by cursor (RFC 9865).
  package var cursor: String?
  /// The user store to search, as WSO2 Identity Server takes it; nil for all.
  package var domain: String?

  package init(
    attributes: [AttributePath] = [], excludedAttributes: [AttributePath] = [], filter: Filter? = nil,
    sortBy: AttributePath? = nil, descending: Bool = false, startIndex: Int? = nil, count: Int? = nil,
    cursor: String? = nil, domain: String? = nil
  ) {
    self.attributes = attributes
    self.excludedAttributes = excludedAttributes
    self.filter = filter
    self.sortBy = sortBy
    self.descending = descending
    self.startIndex = startIndex
    self.count = count
    self.cursor = cursor
    self.domain = domain
  }

  /// - Throws: `SCIMError` 400 for a filter or path that cannot be parsed, or a member of the wrong type.
  package init(_ body: JSONObject) throws(SCIMError) {
    self.init(
      attributes: try Self.paths(body, "attributes"), excludedAttributes: try Self.paths(body, "excludedAttributes"),
      filter: try Self.text(body, "filter").map { text throws(SCIMError) in try Filter(parsing: text) },
      sortBy: try Self.text(body, "sortBy").map { text throws(SCIMError) in try AttributePath(parsing: text) },
      descending: try Self.isDescending(body), startIndex: try Self.int(body, "startIndex"),
      count: try Self.int(body, "count"), cursor: try Self.text(body, "cursor"),
      domain: try Self.text(body, "domain"))
  }

  package var json: JSONObject {
    var body: JSONObject = ["schemas": [.string(SchemaURN.searchRequest)]]
    if !attributes.isEmpty { body["attributes"] = Self.list(attributes) }
    if !excludedAttributes.isEmpty { body["excludedAttributes"] = Self.list(excludedAttributes) }
    body["filter"] = filter.map { .string($0.description) }
    body["sortBy"] = sortBy.map { .string($0.description) }
    if descending { body["sortOrder"] = "descending" }
    body["startIndex"] = startIndex.map { .number(JSONNumber($0)) }
    body["count"] = count.map { .number(JSONNumber($0)) }
    body["cursor"] = cursor.map(JSONValue.string)
    body["domain"] = domain.map(JSONValue.string)
    return body
  }

  private static func list(_ paths: [AttributePath]) -> JSONValue { .array(paths.map { .string($0.description) }) }

  private static func isDescending(_ body: JSONObject) throws(SCIMError) -> Bool {
    switch try text(body, "sortOrder")?.lowercased() {
    case nil, "ascending": return false
    case "descending": return true
    default: throw invalid("sortOrder must be ascending or descending.")
    }
  }

  private static func text(_ body: JSONObject, _ name: String) throws(SCIMError) -> String? {
    switch body.value(ignoringCase: name) {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw invalid("\(name) must be a string.")
    }
  }

  private static func int(_ body: JSONObject, _ name: String) throws(SCIMError) -> Int? {
    guard let value = body.value(ignoringCase: name), !value.isNull else { return nil }
    guard let int = value.int else { throw invalid("\(name) must be a whole number.") }
    return int
  }

  private static func paths(_ body: JSONObject, _ name: String) throws(SCIMError) -> [AttributePath] {
    guard let value = body.value(ignoringCase: name), !value.isNull else { return [] }
    guard let elements = value.array else { throw invalid("\(name) must be a list of strings.") }
    var paths: [AttributePath] = []
    for element in elements {
      guard let text = element.string else { throw invalid("\(name) must be a list of strings.") }
      paths.append(try AttributePath(parsing: text))
    }
    return paths
  }

  private static func invalid(_ detail: String) -> SCIMError { SCIMError(status: 400, .invalidValue, detail) }
}
