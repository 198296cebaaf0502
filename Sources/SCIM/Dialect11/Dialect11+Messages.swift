import JSON

extension Dialect11 {
  /// The body of an error response: a list of them, with the status as a string (protocol, section 3.9).
  package static func encoded(_ error: SCIMError) -> JSONObject {
    ["Errors": [["description": .string(error.detail), "code": .string(String(error.status))]]]
  }

  /// The first error of an error response; nil when the body is none.
  package static func error(_ body: JSONObject) -> SCIMError? {
    guard let error = body.value(ignoringCase: "Errors")?.array?.first?.object else { return nil }
    let code = error.value(ignoringCase: "code")
    guard let status = code?.int ?? code?.string.flatMap({ Int($0) }) else { return nil }
    return SCIMError(status: status, nil, error.value(ignoringCase: "description")?.string ?? "")
  }

  /// A page of a listing whose resources are in the terms of SCIM 1.1 (section 3.2.2).
  package static func encoded(_ list: ListResponse) -> JSONObject {
    var body = list.json
    body["schemas"] = [.string(core)]
    return body
  }

  /// The answer to a bulk request (section 3.7.3): each status is an object with the code as a string.
  package static func encoded(_ response: BulkResponse) -> JSONObject {
    let operations = response.operations.map { operation in
      var json: JSONObject = ["method": .string(operation.method.rawValue)]
      json["bulkId"] = operation.bulkId.map(JSONValue.string)
      json["location"] = operation.location.map(JSONValue.string)
      json["version"] = operation.version.map(JSONValue.string)
      var status: JSONObject = ["code": .string(String(operation.status))]
      status["description"] = operation.response.flatMap(error).map { .string($0.detail) }
      json["status"] = .object(status)
      return JSONValue.object(json)
    }
    return ["schemas": [.string(core)], "Operations": .array(operations)]
  }

  /// The resource at `/ServiceProviderConfigs` (core schema, section 9), from that of SCIM 2.0.
  package static func encodedConfiguration(_ config: JSONObject) -> JSONObject {
    var config = config
    config["schemas"] = [.string(core)]
    config["meta"] = nil
    config["xmlDataFormat"] = ["supported": false]
    let schemes = config["authenticationSchemes"]?.array ?? []
    config["authenticationSchemes"] = .array(
      schemes.map { scheme in
        guard let scheme = scheme.object else { return scheme }
        return .object(JSONObject(scheme.members.map { ($0.key == "specUri" ? "specUrl" : $0.key, $0.value) }))
      })
    return config
  }
}
