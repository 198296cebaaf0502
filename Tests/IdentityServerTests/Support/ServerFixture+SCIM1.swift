import Foundation
import JSON
import NIOHTTP1

extension ServerFixture {
  /// The address of the SCIM 1.1 service.
  var base1: String { origin + "/wso2/scim" }

  /// Sends a request to the SCIM 1.1 service as its clients do: JSON bodies, no `Accept`.
  func send1(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, as user: String? = "admin:admin",
    headers: [String: String] = [:]
  ) async throws -> Answer {
    var headers = headers
    if let user { headers["Authorization"] = "Basic " + Data(user.utf8).base64EncodedString() }
    if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
    return try await send(method, url: base1 + path, bytes: body?.serialized(), headers: headers)
  }

  /// Makes a user through SCIM 2.0 and answers the id.
  func makeUser(_ userName: String, _ more: JSONObject = [:]) async throws -> String {
    var user = more
    user["userName"] = .string(userName)
    return try await send(.POST, "/Users", .object(user)).id
  }

  /// Makes a group through SCIM 2.0 and answers the id.
  func makeGroup(_ displayName: String, members: [String] = []) async throws -> String {
    try await send(
      .POST, "/Groups",
      ["displayName": .string(displayName), "members": .array(members.map { ["value": .string($0)] })]
    ).id
  }

  /// The names of a group's members, sorted.
  func members(of group: String) async throws -> [String] {
    let answer = try await send(.GET, "/Groups/\(group)?attributes=members.display")
    return (answer.json["members"]?.array ?? []).compactMap { $0["display"]?.string }.sorted()
  }
}

extension Answer {
  /// The error that the SCIM 1.1 service answers.
  var error1: JSONValue? { json["Errors"]?.array?.first }
}
