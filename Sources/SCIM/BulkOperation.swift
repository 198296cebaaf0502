import JSON

/// One request within a bulk request (RFC 7644 section 3.7).
package struct BulkOperation: Hashable, Sendable {
  package enum Method: String, Sendable, CaseIterable {
    case post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
  }

  package var method: Method
  /// Below the base address: `/Users`, `/Users/2819c223`.
  package var path: String
  /// What other operations of the request call the resource that this one creates.
  package var bulkId: String?
  /// The entity tag that the resource must have.
  package var version: String?
  /// The body; nil for DELETE.
  package var data: JSONObject?

  package init(
    _ method: Method, _ path: String, bulkId: String? = nil, version: String? = nil, data: JSONObject? = nil
  ) {
    self.method = method
    self.path = path
    self.bulkId = bulkId
    self.version = version
    self.data = data
  }

  fileprivate init(_ json: JSONObject) throws(SCIMError) {
    let name = json.value(ignoringCase: "method")?.string ?? ""
    guard let method = Method(rawValue: name.uppercased()) else {
      throw .invalidBulk("method must be POST, PUT, PATCH or DELETE, not \"\(name)\".")
    }
    guard let path = json.value(ignoringCase: "path")?.string, path.hasPrefix("/") else {
      throw .invalidBulk("path must be a path such as /Users.")
    }
    let bulkId = json.value(ignoringCase: "bulkId")?.string
    let data = json.value(ignoringCase: "data")?.object
    if method == .post, bulkId == nil { throw .invalidBulk("POST needs a bulkId.") }
    if method != .delete, data == nil { throw .invalidBulk("\(method.rawValue) needs data.") }
    self.init(method, path, bulkId: bulkId, version: try Self.version(json), data: data)
  }

  /// A condition that cannot be read must not become none.
  private static func version(_ json: JSONObject) throws(SCIMError) -> String? {
    guard let value = json.value(ignoringCase: "version"), !value.isNull else { return nil }
    guard let version = value.string else { throw .invalidBulk("version must be an entity tag such as W/\"1\".") }
    return version
  }

  fileprivate var json: JSONObject {
    var json: JSONObject = ["method": .string(method.rawValue), "path": .string(path)]
    json["bulkId"] = bulkId.map(JSONValue.string)
    json["version"] = version.map(JSONValue.string)
    json["data"] = data.map(JSONValue.object)
    return json
  }
}

/// The body of a POST to `/Bulk` (RFC 7644 section 3.7).
package struct BulkRequest: Hashable, Sendable {
  package var operations: [BulkOperation]
  /// After how many errors to stop; nil goes on to the end.
  package var failOnErrors: Int?

  package init(operations: [BulkOperation], failOnErrors: Int? = nil) {
    self.operations = operations
    self.failOnErrors = failOnErrors
  }

  /// - Throws: `SCIMError` 400 invalidSyntax.
  package init(_ body: JSONObject) throws(SCIMError) {
    operations = []
    var created: Set<String> = []
    for element in try body.operations() {
      let operation = try BulkOperation(element)
      if operation.method == .post, let bulkId = operation.bulkId, !created.insert(bulkId).inserted {
        throw .invalidBulk("bulkId \(bulkId) stands for two resources.")
      }
      operations.append(operation)
    }
    failOnErrors = try Self.failOnErrors(body)
  }

  /// A limit that cannot be read must not become none.
  private static func failOnErrors(_ body: JSONObject) throws(SCIMError) -> Int? {
    guard let value = body.value(ignoringCase: "failOnErrors"), !value.isNull else { return nil }
    guard let limit = value.int else { throw .invalidBulk("failOnErrors must be a whole number.") }
    return limit
  }

  package var json: JSONObject {
    var json: JSONObject = ["schemas": [.string(SchemaURN.bulkRequest)]]
    json["failOnErrors"] = failOnErrors.map { .number(JSONNumber($0)) }
    json["Operations"] = .array(operations.map { .object($0.json) })
    return json
  }
}

/// The answer to a bulk request (RFC 7644 section 3.7.3).
package struct BulkResponse: Hashable, Sendable {
  package struct Operation: Hashable, Sendable {
    package var method: BulkOperation.Method
    package var bulkId: String?
    package var version: String?
    /// nil for a POST that failed.
    package var location: String?
    package var status: Int
    /// The error, where there is one; else the resource or nothing.
    package var response: JSONObject?

    package init(
      _ method: BulkOperation.Method, status: Int, bulkId: String? = nil, version: String? = nil,
      location: String? = nil, response: JSONObject? = nil
    ) {
      self.method = method
      self.status = status
      self.bulkId = bulkId
      self.version = version
      self.location = location
      self.response = response
    }
  }

  package var operations: [Operation]

  package init(operations: [Operation]) { self.operations = operations }

  /// Reads an answer; the status may be a number, or `{"code": "201"}` as WSO2 writes it.
  /// - Throws: `SCIMError` 400 invalidSyntax.
  package init(_ body: JSONObject) throws(SCIMError) {
    operations = []
    for element in try body.operations() { operations.append(try Operation(element)) }
  }

  package var json: JSONObject {
    [
      "schemas": [.string(SchemaURN.bulkResponse)],
      "Operations": .array(operations.map { .object($0.json) }),
    ]
  }
}

extension BulkResponse.Operation {
  fileprivate init(_ json: JSONObject) throws(SCIMError) {
    let name = json.value(ignoringCase: "method")?.string ?? ""
    guard let method = BulkOperation.Method(rawValue: name.uppercased()) else {
      throw .invalidBulk("\"\(name)\" is no method.")
    }
    let told = json.value(ignoringCase: "status")
    let code = told?["code"] ?? told
    guard let status = code?.int ?? code?.string.flatMap({ Int($0) }) else { throw .invalidBulk("status is missing.") }
    self.init(
      method, status: status, bulkId: json.value(ignoringCase: "bulkId")?.string,
      version: json.value(ignoringCase: "version")?.string, location: json.value(ignoringCase: "location")?.string,
      response: json.value(ignoringCase: "response")?.object)
  }

  fileprivate var json: JSONObject {
    var json: JSONObject = [:]
    json["location"] = location.map(JSONValue.string)
    json["method"] = .string(method.rawValue)
    json["bulkId"] = bulkId.map(JSONValue.string)
    json["version"] = version.map(JSONValue.string)
    json["status"] = .string(String(status))
    json["response"] = response.map(JSONValue.object)
    return json
  }
}

extension JSONObject {
  fileprivate func operations() throws(SCIMError) -> [JSONObject] {
    guard let elements = value(ignoringCase: "Operations")?.array else {
      throw .invalidBulk("Operations must be a list.")
    }
    let objects = elements.compactMap(\.object)
    guard objects.count == elements.count else { throw .invalidBulk("Operations must be a list of objects.") }
    return objects
  }
}

extension SCIMError {
  fileprivate static func invalidBulk(_ detail: String) -> SCIMError { SCIMError(status: 400, .invalidSyntax, detail) }
}
