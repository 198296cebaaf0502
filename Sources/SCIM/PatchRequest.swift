import JSON

/// The body of a PATCH (RFC 7644 section 3.5.2).
package struct PatchRequest: Hashable, Sendable {
  package var operations: [PatchOperation]

  package init(operations: [PatchOperation]) { self.operations = operations }

  /// Reads what clients send, not only what they should: `op` in any case (`Replace`), an empty path for none, a single
  /// operation without its brackets. Values are left as they are; ``ResourcePatcher`` reads them by the schema.
  /// - Throws: `SCIMError` 400: invalidSyntax, invalidPath, noTarget (a `remove` without a path), invalidValue.
  package init(_ body: JSONObject) throws(SCIMError) {
    let listed = body.value(ignoringCase: "Operations")
    guard let elements = listed?.array ?? listed?.object.map({ [.object($0)] }), !elements.isEmpty else {
      throw SCIMError(status: 400, .invalidSyntax, "Operations must be a list of at least one operation.")
    }
    operations = []
    for element in elements {
      guard let operation = element.object else {
        throw SCIMError(status: 400, .invalidSyntax, "Operations must be a list of objects.")
      }
      operations.append(try PatchOperation(operation))
    }
  }

  package var json: JSONObject {
    [
      "schemas": [.string(SchemaURN.patchRequest)],
      "Operations": .array(operations.map { .object($0.json) }),
    ]
  }
}

extension PatchOperation {
  fileprivate init(_ json: JSONObject) throws(SCIMError) {
    let name = json.value(ignoringCase: "op")?.string ?? ""
    guard let verb = Verb(rawValue: name) ?? Verb(rawValue: name.lowercased()) else {
      throw SCIMError(status: 400, .invalidSyntax, "op must be add, remove or replace, not \"\(name)\".")
    }
    let path = try Self.path(json.value(ignoringCase: "path"))
    let value = json.value(ignoringCase: "value")
    if verb == .remove, path == nil { throw SCIMError(status: 400, .noTarget, "remove needs a path.") }
    if verb != .remove, value == nil {
      throw SCIMError(status: 400, .invalidValue, "\(verb.rawValue) needs a value.")
    }
    self.init(verb, path, value: value)
  }

  private static func path(_ json: JSONValue?) throws(SCIMError) -> AttributePath? {
    switch json {
    case nil, .null?, .string("")?: return nil
    case .string(let text)?: return try AttributePath(parsing: text)
    default: throw SCIMError(status: 400, .invalidPath, "path must be a string.")
    }
  }

  fileprivate var json: JSONObject {
    var json: JSONObject = ["op": .string(verb.rawValue)]
    json["path"] = path.map { .string($0.description) }
    json["value"] = value
    return json
  }
}
