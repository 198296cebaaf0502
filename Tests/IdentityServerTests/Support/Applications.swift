import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import SCIM

extension ServerFixture {
  /// Registers an application and answers the id of its resource.
  @discardableResult
  func register(
    _ client: String, secret: String?, scopes: [String] = [], grantTypes: [String] = ["client_credentials"],
    lifetime: String? = nil
  ) async throws -> String {
    var settings: JSONObject = [
      "clientId": .string(client), "grantTypes": .array(grantTypes.map(JSONValue.string)),
      "scopes": .array(scopes.map(JSONValue.string)),
    ]
    settings["clientSecret"] = secret.map(JSONValue.string)
    settings["accessTokenLifetime"] = lifetime.map(JSONValue.string)
    return try await send(
      .POST, "/ServiceProviders", ["name": .string(client), "inbound": ["openidconnect": .object(settings)]]
    ).id
  }

  /// Sends a form to a path below `/oauth2`.
  /// - Parameter user: name and password for HTTP Basic, both as they stand in the header.
  func form(_ path: String, _ fields: String, as user: String? = nil, headers: [String: String] = [:]) async throws
    -> Answer
  {
    var headers = headers
    if let user { headers["Authorization"] = "Basic " + Data(user.utf8).base64EncodedString() }
    if headers["Content-Type"] == nil { headers["Content-Type"] = "application/x-www-form-urlencoded" }
    return try await send(.POST, url: "\(origin)/oauth2/\(path)", bytes: Array(fields.utf8), headers: headers)
  }

  /// A new access token of an application.
  func token(_ client: String, _ secret: String, scope: String? = nil) async throws -> String {
    let scope = scope.map { "&scope=" + $0.replacing(" ", with: "+") } ?? ""
    let answer = try await form("token", "grant_type=client_credentials\(scope)", as: "\(client):\(secret)")
    return answer.json["access_token"]?.string ?? answer.json.text
  }

  func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, token: String) async throws -> Answer {
    try await send(method, path, body, as: nil, headers: ["Authorization": "Bearer \(token)"])
  }
}
