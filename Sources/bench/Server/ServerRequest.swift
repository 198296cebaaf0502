import JSON

/// Requests as bytes, ready to be sent.
enum ServerRequest {
  static func get(_ path: String) -> [UInt8] { request("GET", path, body: nil) }

  static func post(_ path: String, _ body: JSONValue) -> [UInt8] { request("POST", path, body: body) }

  /// A PATCH of one operation.
  static func patch(_ path: String, _ verb: String, _ target: String, _ value: JSONValue?) -> [UInt8] {
    var operation: JSONObject = ["op": .string(verb), "path": .string(target)]
    operation["value"] = value
    return request(
      "PATCH", path,
      body: [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [.object(operation)],
      ])
  }

  /// - Parameter path: below the address of the SCIM service, escaped as it must be.
  private static func request(_ method: String, _ path: String, body: JSONValue?) -> [UInt8] {
    let bytes = body?.serialized() ?? []
    let head = """
      \(method) /scim2\(path) HTTP/1.1\r
      Host: localhost\r
      Authorization: Bearer \(ServerProcess.token)\r
      Content-Type: application/scim+json\r
      Content-Length: \(bytes.count)\r
      \r

      """
    return Array(head.utf8) + bytes
  }
}
