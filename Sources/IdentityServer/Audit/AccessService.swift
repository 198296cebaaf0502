import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// How a user comes to have access, over HTTP: as the console's page of it tells, for whoever may read the user.
struct AccessService: WebService {
  static let path = "/api/rollcall/v1/access"

  let directory: Directory

  func owns(_ path: String) -> Bool { path == Self.path }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    let principal = try await exchange.authenticated()
    guard let name = try QueryParameters(exchange.request.uri.query)["user"],
      let users = directory.catalog.resourceType("User")
    else { throw SCIMError(status: 400, .invalidValue, "user must be the id or the userName of a user.") }
    let user = try await user(name, of: users, for: principal)
    guard principal.may(.read, users.name, id: user.id) else { throw Refusal.forbidden }
    let access = try await EffectiveAccess(of: user.id, in: directory) { principal.may(.read, "Role", id: $0) }
    var body: JSONObject = [
      "user": ["id": .string(user.id), "userName": .string(user.userName ?? "")],
      "ways": .array(access.ways.map(Self.json)),
      "permissions": .array(
        access.permissions.map { permission in
          [
            "permission": .string(permission.name), "roles": .array(permission.roles.map(JSONValue.string)),
          ]
        }),
    ]
    if let isActive = user["active"]?.bool { body["active"] = .bool(isActive) }
    var response = Response.plain(.ok, .object(body))
    response.headers[.cacheControl] = "private, no-cache"
    return response
  }

  /// - Throws: `SCIMError` 404; ``Refusal`` 403 for whoever may not look for users and asks for somebody else.
  private func user(_ name: String, of type: ResourceType, for principal: Principal) async throws -> Resource {
    let query = ListQuery(filter: .compare(AttributePath("userName"), .equal, .string(name)), count: 1)
    if let found = try await directory.list(type: type, query).resources.first { return found }
    // That there is no such user is for those to know who may list them.
    guard principal.may(.read, type.name) || principal.userID == name else { throw Refusal.forbidden }
    return try await directory.resource(type: type, id: name)
  }

  private static func json(_ way: MembershipWay) -> JSONValue {
    ["container": json(way.container), "through": .array(way.through.map(json))]
  }

  private static func json(_ summary: ResourceSummary) -> JSONValue {
    ["type": .string(summary.type), "id": .string(summary.id), "name": .string(summary.label)]
  }
}

/// What a user has in the directory: the ways into groups and roles, and what roles permit.
struct EffectiveAccess {
  struct Permission {
    var name: String
    /// The names of the roles that permit it, sorted.
    var roles: [String]
  }

  let ways: [MembershipWay]
  /// Sorted by name.
  let permissions: [Permission]

  /// - Parameter mayRead: whether what the role with this id permits may be told.
  init(of id: String, in directory: Directory, mayRead: (String) -> Bool) async throws {
    ways = try await directory.ways(of: id)
    guard let type = directory.catalog.resourceType("Role") else {
      permissions = []
      return
    }
    var roles: [String: Set<String>] = [:]
    let held = Set(ways.map(\.container).filter { $0.type == type.name })
    for role in held where mayRead(role.id) {
      let resource = try await directory.resource(
        type: type, id: role.id, projection: Projection(attributes: [AttributePath("permissions")]))
      for permission in resource["permissions"]?.plainTexts ?? [] {
        roles[permission, default: []].insert(role.label)
      }
    }
    permissions = roles.sorted { $0.key < $1.key }.map { Permission(name: $0, roles: $1.sorted()) }
  }
}
