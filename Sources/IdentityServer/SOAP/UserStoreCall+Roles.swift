import JSON
import LocalDirectory
import SCIM

extension UserStoreCall {
  func addRole() async throws {
    let name = try roleName("roleName")
    guard try await role(named: name) == nil, !name.isEveryone else { throw Self.exists(name) }
    let permissions = (arguments["permissions"]?.list ?? []).compactMap { $0["resourceId"].text }
    guard permissions.isEmpty || name.kind == "Role" else {
      throw SOAPFault.store(
        .invalidRoleName, "\(name.text) is a group, which has no permissions; add the role Internal/\(name.text).")
    }
    var attributes: JSONObject = ["displayName": .string(name.displayNames[0])]
    attributes[try memberAttribute(of: name)] = Self.references(try await userIDs(named: texts("userList")))
    if !permissions.isEmpty { attributes["permissions"] = .array(permissions.map(JSONValue.string)) }
    try await writing(taken: .roleExists) {
      _ = try await directory.create(
        type: try type(name.kind), attributes: attributes, by: author, projection: .identity)
    }
  }

  func deleteRole() async throws {
    let name = try roleName("roleName")
    guard !name.isEveryone else { throw SOAPFault.store(.cannotDeleteEveryone, "Cannot delete everyone role") }
    let role = try await existing(name)
    try await writing { try await directory.delete(type: try type(name.kind), id: role.id, by: author) }
  }

  func renameRole() async throws {
    let (old, new) = (try roleName("roleName"), try roleName("newRoleName"))
    guard !old.isEveryone else { throw SOAPFault.store(.everyoneRole, "Cannot update everyone role") }
    guard old.kind == new.kind else {
      throw SOAPFault.store(
        .cannotRenameRole, "The role cannot be renamed: \(old.text) and \(new.text) are of different kinds.")
    }
    let role = try await existing(old)
    if let other = try await self.role(named: new), other.id != role.id { throw Self.exists(new) }
    guard !new.isEveryone else { throw Self.exists(new) }
    let rename = PatchOperation(.replace, AttributePath("displayName"), value: .string(new.displayNames[0]))
    try await patch(role, old, [rename], taken: .roleExists)
  }

  func isExistingRole() async throws -> Bool {
    let name = RoleName(text("roleName") ?? "")
    if name.isEveryone { return true }
    return try await role(named: name) != nil
  }

  /// The names of all groups and roles, or of the roles alone.
  func roleNames(kinds: [String]) async throws -> [String] {
    var names = [RoleName.everyone]
    for kind in kinds {
      let query = ListQuery(attributes: [AttributePath("displayName")])
      names += try await directory.list(type: try type(kind), query).resources.map { RoleName(of: $0, kind: kind) }
    }
    return names.map(\.text)
  }

  func rolesOfUser() async throws -> [String] { RoleName.direct(of: try await subject()).map(\.text) }

  /// Takes roles from a user and gives others, all or nothing.
  func updateRolesOfUser() async throws {
    let user = try await subject()
    let (deleted, new) = (roleNames("deletedRoles"), roleNames("newRoles"))
    guard !deleted.contains(where: \.isEveryone) else {
      throw SOAPFault.store(.everyoneRole, "Cannot update everyone role")
    }
    let (outOf, into) = (try await placements(deleted), try await placements(new))
    let users = try type("User")
    try await writing { try await directory.move(user.id, of: users, outOf: outOf, into: into, by: author) }
  }

  /// The names of the users who have been given the role; those of a group within the group or role are not told.
  func usersOfRole() async throws -> [String] {
    let name = try roleName("roleName")
    guard !name.isEveryone else {
      let query = ListQuery(attributes: [AttributePath("userName")])
      return try await directory.list(type: try type("User"), query).resources.compactMap(\.userName)
    }
    let attribute = try memberAttribute(of: name)
    let role = try await directory.resource(
      type: try type(name.kind), id: try await existing(name).id,
      // The names of members are told on request only.
      projection: Projection(attributes: [AttributePath(attribute), AttributePath(attribute, sub: "display")]))
    return (role[attribute]?.array ?? []).filter { $0["type"]?.string != "Group" }
      .compactMap { $0["display"]?.string }
  }

  /// Takes users out of a role and puts others in, all or nothing.
  func updateUsersOfRole() async throws {
    let name = try roleName("roleName")
    guard !name.isEveryone else { throw SOAPFault.store(.everyoneRole, "Cannot update everyone role") }
    let role = try await existing(name)
    let path = AttributePath(try memberAttribute(of: name))
    let deleted = Self.references(try await userIDs(named: texts("deletedUsers")))
    let new = Self.references(try await userIDs(named: texts("newUsers")))
    let changes = [PatchOperation(.remove, path, value: deleted), PatchOperation(.add, path, value: new)]
    // Removing without a value would remove everybody.
    try await patch(role, name, changes.filter { $0.value != .array([]) })
  }

  private func patch(
    _ role: Resource, _ name: RoleName, _ operations: [PatchOperation], taken: SOAPFault.UserStoreCode? = nil
  ) async throws {
    let type = try type(name.kind)
    try await writing(taken: taken) {
      _ = try await directory.patch(
        type: type, id: role.id, operations: operations, by: author, projection: .identity)
    }
  }

  private func existing(_ name: RoleName) async throws -> Resource {
    guard let role = try await role(named: name) else { throw SOAPFault.noRole(name) }
    return role
  }

  private func roleName(_ parameter: String) throws(SOAPFault) -> RoleName {
    let name = RoleName(text(parameter) ?? "")
    guard !name.isBlank else {
      throw .store(.invalidRoleName, "InvalidRole Role name is not valid: \(parameter) must not be empty.")
    }
    return name
  }

  /// The attribute of a Group or Role that lists its users.
  private func memberAttribute(of name: RoleName) throws -> String {
    guard let attribute = directory.catalog.membershipAttribute(of: try type(name.kind), for: "User") else {
      throw SOAPFault.store("A \(name.kind) of this directory has no users.")
    }
    return attribute
  }

  private static func references(_ ids: [String]) -> JSONValue { .array(ids.map { ["value": .string($0)] }) }

  private static func exists(_ name: RoleName) -> SOAPFault {
    .store(.roleExists, "RoleExisting Role name: \(name.text) exists in the system. Please pick another role name.")
  }
}
