import JSON
import NIOHTTP1
import Reconciliation
import SCIM
import Synchronization

/// Who has a role for the whole account, by id.
struct RoleHolders: Hashable, Sendable {
  var users: [String] = []
  var groups: [String] = []
}

extension GoogleEndpoint {
  /// All roles with who has them for the whole account; that they are assigned for a part of it only is another right, and
  /// left alone.
  func rolePage(at token: String?) async throws(EndpointError) -> ResourcePage {
    let target = try GoogleAddress.roles(settings.customer)
    let page = try await list(target, "items", [("maxResults", "100")], token)
    if token == nil {
      // One list for all roles.
      let holders = try await holders(of: nil)
      roleHolders.withLock { $0 = holders }
    }
    let holders = roleHolders.withLock { $0 }
    return ResourcePage(
      resources: page.entries.map { resource($0, holders) }, totalResults: nil,
      next: page.next.map(PagePosition.cursor), endIsCertain: true)
  }

  func role(_ id: String) async throws(EndpointError) -> Resource {
    let target = try GoogleAddress.item(id, in: try GoogleAddress.roles(settings.customer))
    guard let role = try await send(EndpointRequest(.GET, target)) else {
      throw EndpointError(.malformed, "Google answered without the role")
    }
    return resource(role, try await holders(of: id))
  }

  private func resource(_ role: JSONObject, _ holders: [String: RoleHolders]) -> Resource {
    let own = GoogleRoleMapping.id(role["roleId"]).flatMap { holders[$0] } ?? RoleHolders()
    return GoogleRoleMapping.resource(role, users: own.users, groups: own.groups)
  }

  /// By role, who has it.
  /// - Parameter role: nil asks for all of them.
  private func holders(of role: String?) async throws(EndpointError) -> [String: RoleHolders] {
    let target = try GoogleAddress.roleAssignments(settings.customer)
    let parameters = [("maxResults", "200")] + (role.map { [("roleId", $0)] } ?? [])
    var holders: [String: RoleHolders] = [:]
    var token: String?
    repeat {
      let page = try await list(target, "items", parameters, token)
      for assignment in page.entries where assignment["scopeType"] == "CUSTOMER" && assignment["condition"] == nil {
        guard let role = GoogleRoleMapping.id(assignment["roleId"]), let holder = assignment["assignedTo"]?.string
        else {
          throw EndpointError(.malformed, "Google told a role assignment without its role or its holder")
        }
        knowledge.learn(
          assignment: GoogleRoleMapping.id(assignment["roleAssignmentId"]), of: role, to: holder)
        let isGroup = assignment["assigneeType"]?.string?.lowercased() == "group"
        if isGroup {
          holders[role, default: RoleHolders()].groups.append(holder)
        } else {
          holders[role, default: RoleHolders()].users.append(holder)
        }
      }
      token = page.next
    } while token != nil
    return holders
  }

  // MARK: Writing

  func createRole(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let request = EndpointRequest(
      .POST, try GoogleAddress.roles(settings.customer), body: try GoogleRoleMapping.body(attributes))
    let made = try await create(attributes, as: type, by: request, over: connection(for: request)) { answer in
      resource(answer, [:])
    }
    knowledge.noteCreation(of: made.id, at: timeline.now)
    for list in Self.holderLists {
      try await apply(MembershipEdit(adding: MembershipEdit.ids(attributes[list])), to: list, ofRole: made.id)
    }
    return made
  }

  func updateRole(_ id: String, _ update: ResourceUpdate) async throws(EndpointError) {
    switch update {
    case .replace(let role):
      try await write(
        ["displayName": role["displayName"] ?? .null, "permissions": role["permissions"] ?? []], toRole: id)
      for list in Self.holderLists {
        try await apply(MembershipEdit(exactly: MembershipEdit.ids(role[list])), to: list, ofRole: id)
      }
    case .patch(let operations):
      try await write(operations.values(of: ["displayName", "permissions"]), toRole: id)
      for list in Self.holderLists {
        try await apply(try MembershipEdit(operations, of: list), to: list, ofRole: id)
      }
    }
  }

  private func write(_ values: [String: JSONValue], toRole id: String) async throws(EndpointError) {
    let whole = try GoogleRoleMapping.body(JSONObject(values.map { ($0.key, $0.value) }))
    let names = ["displayName": "roleName", "permissions": "rolePrivileges"]
    let body = JSONObject(
      uniqueMembers: whole.members.filter { member in
        values.keys.contains { names[$0] == member.key }
      })
    guard !body.isEmpty else { return }
    let target = try GoogleAddress.item(id, in: try GoogleAddress.roles(settings.customer))
    let request = EndpointRequest(.PATCH, target, body: body)
    _ = try await settled([id]) { () throws(EndpointError) -> JSONObject? in try await send(request) }
  }

  /// Google keeps a role as long as somebody has it.
  func deleteRole(_ id: String) async throws(EndpointError) {
    for list in Self.holderLists { try await apply(MembershipEdit(exactly: []), to: list, ofRole: id) }
    let target = try GoogleAddress.item(id, in: try GoogleAddress.roles(settings.customer))
    _ = try await send(EndpointRequest(.DELETE, target))
  }

  // MARK: Assignments

  private static let holderLists = ["users", "groups"]

  private func apply(_ edit: MembershipEdit, to list: String, ofRole id: String) async throws(EndpointError) {
    guard !edit.isEmpty else { return }
    var edit = edit
    if edit.all != nil {
      let holders = try await holders(of: id)[id] ?? RoleHolders()
      edit = edit.resolved(against: list == "groups" ? holders.groups : holders.users)
    } else if edit.removed.contains(where: { knowledge.assignment(of: id, to: $0) == nil }) {
      _ = try await holders(of: id)
    }
    try await carryOut(edit, add: { holder throws(EndpointError) in try await self.assign(id, to: holder) }) {
      holder throws(EndpointError) in
      try await self.withdraw(id, from: holder)
    }
  }

  private func assign(_ role: String, to holder: String) async throws(EndpointError) {
    var request = EndpointRequest(
      .POST, try GoogleAddress.roleAssignments(settings.customer),
      body: ["roleId": .string(role), "assignedTo": .string(holder), "scopeType": "CUSTOMER"])
    // A second one finds the first, and is refused.
    request.effect = .repeatableWrite
    let insert = request
    do throws(EndpointError) {
      let made = try await settled([role, holder]) { () throws(EndpointError) in try await send(insert) }
      knowledge.learn(assignment: GoogleRoleMapping.id(made?["roleAssignmentId"]), of: role, to: holder)
    } catch {
      guard error.kind != .conflict else { return }
      throw error.kind == .notFound ? EndpointError(.rejected, status: error.status, error.message) : error
    }
  }

  private func withdraw(_ role: String, from holder: String) async throws(EndpointError) {
    // Who is not told to have the role has it no more.
    guard let assignment = knowledge.assignment(of: role, to: holder) else { return }
    do throws(EndpointError) {
      let target = try GoogleAddress.item(assignment, in: try GoogleAddress.roleAssignments(settings.customer))
      _ = try await send(EndpointRequest(.DELETE, target))
    } catch {
      guard error.kind == .notFound else { throw error }
    }
    knowledge.learn(assignment: nil, of: role, to: holder)
  }
}
