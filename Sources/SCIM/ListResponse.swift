import JSON

/// One page of a listing (RFC 7644 section 3.4.2), with the cursors of RFC 9865.
package struct ListResponse: Hashable, Sendable {
  package var resources: [Resource]
  /// How many there are in all; nil when not said.
  package var totalResults: Int?
  /// Counted from 1; nil when not said.
  package var startIndex: Int?
  package var itemsPerPage: Int?
  package var nextCursor: String?
  package var previousCursor: String?

  package init(
    resources: [Resource], totalResults: Int? = nil, startIndex: Int? = nil, itemsPerPage: Int? = nil,
    nextCursor: String? = nil, previousCursor: String? = nil
  ) {
    self.resources = resources
    self.totalResults = totalResults
    self.startIndex = startIndex
    self.itemsPerPage = itemsPerPage
    self.nextCursor = nextCursor
    self.previousCursor = previousCursor
  }

  /// Reads a list. `Resources` may be missing where nothing was found.
  /// - Throws: `SCIMError` 400 invalidSyntax when this is no list, since an error taken for an empty list would look
  ///   as if everything had been deleted.
  package init(_ body: JSONObject) throws(SCIMError) {
    let listed = body.value(ignoringCase: "Resources")
    let total = body.value(ignoringCase: "totalResults")?.int
    guard listed != nil || total != nil else { throw Self.invalid("neither Resources nor totalResults stands there") }
    self.init(
      resources: try Self.resources(listed), totalResults: total,
      startIndex: body.value(ignoringCase: "startIndex")?.int,
      itemsPerPage: body.value(ignoringCase: "itemsPerPage")?.int,
      nextCursor: body.value(ignoringCase: "nextCursor")?.string,
      previousCursor: body.value(ignoringCase: "previousCursor")?.string)
  }

  private static func resources(_ listed: JSONValue?) throws(SCIMError) -> [Resource] {
    guard let listed, !listed.isNull else { return [] }
    guard case .array(let elements) = listed else { throw invalid("Resources is not a list") }
    var resources: [Resource] = []
    resources.reserveCapacity(elements.count)
    for element in elements {
      guard case .object(let attributes) = element else { throw invalid("Resources holds what is no resource") }
      resources.append(Resource(attributes))
    }
    return resources
  }

  private static func invalid(_ reason: String) -> SCIMError {
    SCIMError(status: 400, .invalidSyntax, "This is not a list of resources: \(reason).")
  }

  package var json: JSONObject {
    var body: JSONObject = ["schemas": [.string(SchemaURN.listResponse)]]
    body["totalResults"] = totalResults.map { .number(JSONNumber($0)) }
    body["startIndex"] = startIndex.map { .number(JSONNumber($0)) }
    body["itemsPerPage"] = itemsPerPage.map { .number(JSONNumber($0)) }
    body["nextCursor"] = nextCursor.map(JSONValue.string)
    body["previousCursor"] = previousCursor.map(JSONValue.string)
    body["Resources"] = .array(resources.map { .object($0.attributes) })
    return body
  }
}
