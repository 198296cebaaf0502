import JSON
import SCIM

/// A role of administrators as the Directory API has it, and as SCIM has it.
enum GoogleRoleMapping {
  /// - Parameters:
  ///   - users: the ids of the users who have the role for the whole account.
  ///   - groups: the ids of the groups whose members have it.
  static func resource(_ role: JSONObject, users: [String], groups: [String]) -> Resource {
    var result: JSONObject = ["schemas": [.string(SchemaURN.role)]]
    result["id"] = id(role["roleId"]).map(JSONValue.string)
    result["displayName"] = role["roleName"]
    let permissions = (role["rolePrivileges"]?.array ?? []).compactMap(permission)
    if !permissions.isEmpty { result["permissions"] = .array(permissions.map(JSONValue.string)) }
    if !users.isEmpty { result["users"] = .array(users.map { ["value": .string($0)] }) }
    if !groups.isEmpty { result["groups"] = .array(groups.map { ["value": .string($0)] }) }
    return Resource(result)
  }

  /// - Throws: `rejected` for a permission that names no privilege of a service.
  static func body(_ role: JSONObject) throws(EndpointError) -> JSONObject {
    var body: JSONObject = [:]
    body["roleName"] = role["displayName"]
    body["rolePrivileges"] = .array(try (role["permissions"]?.array ?? []).compactMap(\.string).map(privilege))
    return body
  }

  /// Numbers of 64 bits are text in JSON; some write them as numbers all the same.
  static func id(_ value: JSONValue?) -> String? { value?.string ?? value?.number?.literal }

  /// `00haapch16h1ysv/USERS_RETRIEVE`: the service, and what may be done there.
  private static func permission(_ privilege: JSONValue) -> String? {
    guard let name = privilege["privilegeName"]?.string else { return nil }
    return privilege["serviceId"]?.string.map { "\($0)/\(name)" } ?? name
  }

  private static func privilege(_ permission: String) throws(EndpointError) -> JSONValue {
    let parts = permission.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw EndpointError(
        .rejected, "the permission '\(permission)' is no privilege of Google: write `<service id>/<privilege name>`")
    }
    return ["serviceId": .string(String(parts[0])), "privilegeName": .string(String(parts[1]))]
  }
}
