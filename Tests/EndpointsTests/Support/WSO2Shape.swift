import JSON
import LocalDirectory
import SCIM

/// How WSO2 Identity Server 5.11 writes and takes the resources of one type.
struct WSO2Shape: Sendable {
  let type: ResourceType
  let directory: Directory

  // MARK: What is answered

  /// What a listing and the answer to a write tell: of a role no more than the name.
  func told(_ resource: Resource) -> JSONObject {
    guard type.name == "Role" else { return shown(resource) }
    return JSONObject(
      resource.attributes.members.compactMap {
        ["schemas", "id", "displayName"].contains($0.key) ? ($0.key, $0.value) : nil
      })
  }

  func shown(_ resource: Resource) -> JSONObject {
    var shown = resource.attributes
    shown["meta"] = nil
    switch type.name {
    case "Group": shown["displayName"] = .string("PRIMARY/\(resource.displayName ?? "")")
    case "User":
      if shown["active"] == false {
        var holder = shown[SchemaURN.enterpriseUser]?.object ?? [:]
        holder["accountDisabled"] = "true"
        shown[SchemaURN.enterpriseUser] = .object(holder)
      }
      shown["active"] = nil
      shown["emails"] = shown["emails"]?.array.map { .array($0.map(Self.email)) }
      shown["roles"] = [["display": "everyone", "value": "5d3a"]]
    default: break
    }
    return shown
  }

  /// Without its `primary`, and without a type a bare string.
  private static func email(_ value: JSONValue) -> JSONValue {
    guard var email = value.object else { return value }
    email["primary"] = nil
    return email["type"] == nil ? email["value"] ?? value : .object(email)
  }

  // MARK: What is taken

  func stored(_ body: JSONObject) async throws -> JSONObject {
    var stored = body
    switch type.name {
    case "User":
      stored["active"] = nil
      stored["roles"] = nil
      if var holder = stored[SchemaURN.enterpriseUser]?.object {
        stored["active"] = holder["accountDisabled"]?.bool.map { .bool(!$0) }
        holder["accountDisabled"] = nil
        stored[SchemaURN.enterpriseUser] = holder.members.isEmpty ? nil : .object(holder)
      }
    case "Group": try await checkMembers(body["members"])
    default: break
    }
    return stored
  }

  private func checkMembers(_ members: JSONValue?) async throws {
    let users = try Fixtures.type("User")
    for member in members?.array ?? [] {
      let user = try? await directory.resource(type: users, id: member["value"]?.string ?? "")
      guard let user, let display = member["display"]?.string, user.userName == display else {
        throw SCIMError(status: 500, nil, "Error in updating the group: a member is not known by id and name")
      }
    }
  }

  func operations(_ body: JSONObject, on current: Resource) async throws -> [PatchOperation] {
    guard body["Operations"]?.array != nil else { throw SCIMError(status: 500, nil, "NullPointerException") }
    var operations: [PatchOperation] = []
    for operation in try PatchRequest(body).operations { operations.append(try await taken(operation, current)) }
    return operations
  }

  private func taken(_ operation: PatchOperation, _ current: Resource) async throws -> PatchOperation {
    guard let path = operation.path else { return operation }
    switch (type.name, path.attribute) {
    case ("User", "accountDisabled") where path.schema == SchemaURN.enterpriseUser:
      return PatchOperation(.replace, AttributePath("active"), value: .bool(operation.value != true))
    case ("User", "active"), ("User", "password"), ("User", "userName"):
      throw SCIMError(status: 400, .mutability, "not by this path: \(path)")
    case ("Role", "permissions") where operation.verb != .replace: throw SCIMError(status: 501, nil, "replace them")
    case ("Group", "members") where operation.verb != .remove: try await checkMembers(operation.value)
    default: break
    }
    if operation.verb == .remove, current[path.attribute] == nil, path.schema == nil {
      throw SCIMError(status: 400, .invalidPath, "No such attribute with the name : \(path) in the current resource")
    }
    return operation
  }

  /// One comparison by `eq`, split at spaces; groups go by the name with their user store.
  func filter(_ text: String) throws -> Filter {
    let words = text.split(separator: " ")
    guard words.count == 3, words[1] == "eq", !words[2].dropFirst().dropLast().contains("\"") else {
      throw SCIMError(status: 500, nil, "Unsupported Operation")
    }
    guard case .compare(let path, let comparison, .string(let value)) = try Filter(parsing: text) else {
      throw SCIMError(status: 400, .invalidFilter, text)
    }
    guard type.name == "Group" else { return .compare(path, comparison, .string(value)) }
    guard value.hasPrefix("PRIMARY/") else { return .compare(path, comparison, "") }
    return .compare(path, comparison, .string(String(value.dropFirst("PRIMARY/".count))))
  }
}

/// What the server tells of itself.
enum WSO2Documents {
  static func named(_ name: String) -> JSONValue? {
    switch name {
    case "ServiceProviderConfig":
      [
        "patch": ["supported": true], "filter": ["supported": true, "maxResults": 200], "sort": ["supported": false],
        "bulk": ["supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576],
        "etag": ["supported": false], "changePassword": ["supported": true],
      ]
    case "ResourceTypes": ["Resources": .array(types.map { .object($0.json) })]
    case "Schemas": .array(schemas.map { .object($0.json) })
    default: nil
    }
  }

  private static var types: [ResourceType] {
    ["User", "Group"].compactMap(SchemaCatalog.standard.resourceType)
  }

  /// Users alone.
  private static var schemas: [Schema] {
    var enterprise = SchemaCatalog.standard.schema(SchemaURN.enterpriseUser)
    enterprise?.attributes.append(Attribute("accountDisabled", .boolean))
    return [SchemaCatalog.standard.schema(SchemaURN.user), enterprise].compactMap { $0 }
  }
}
