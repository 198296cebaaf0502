import HTTPTypes
import JSON

extension GoogleTestServer {
  func groups(_ call: Call, _ state: inout State) throws -> JSONObject? {
    switch (call.method, call.path.count) {
    case (.get, 1):
      try call.allow(["customer", "domain", "maxResults", "pageToken"])
      return try page(state.groups.values.sorted { Self.email($0) < Self.email($1) }, as: "groups", call, most: 200)
    case (.post, 1):
      var group = try call.fields(["email", "name", "description", "externalIds"])
      guard let email = group["email"]?.string, Self.isAddress(email) else { throw Refusal.invalid("email") }
      try checkFree(email, state)
      state.next += 1
      group["id"] = .string("g\(state.next)")
      state.groups["g\(state.next)"] = group
      state.members["g\(state.next)"] = []
      return group
    case (.get, 2): return try group(call.path[1], state)
    case (.patch, 2):
      let old = try group(call.path[1], state)
      let new = Self.merged(old, try call.fields(["name", "description", "externalIds"]))
      state.groups[Self.id(old)] = new
      return new
    case (.delete, 2):
      let id = Self.id(try group(call.path[1], state))
      state.groups[id] = nil
      state.members[id] = nil
      return nil
    default: return try members(call, Self.id(try group(call.path[1], state)), &state)
    }
  }

  private func members(_ call: Call, _ group: String, _ state: inout State) throws -> JSONObject? {
    guard call.path.count > 2, call.path[2] == "members" else { throw Refusal.notFound("path") }
    let members = state.members[group] ?? []
    switch (call.method, call.path.count) {
    case (.get, 3):
      try call.allow(["maxResults", "pageToken"])
      let shown = members.map { id -> JSONObject in ["id": .string(id), "role": "MEMBER", "type": "USER"] }
      return try page(shown, as: "members", call, most: 200)
    case (.post, 3):
      let body = try call.fields(["email", "id", "role"])
      guard let key = body["email"]?.string ?? body["id"]?.string, body["role"] == "MEMBER" else {
        throw Refusal.invalid("member")
      }
      let account = try (try? user(key, state)) ?? self.group(key, state)
      let id = Self.id(account)
      if let left = state.unknown[id], left > 0 {
        state.unknown[id] = left - 1
        throw Refusal.notFound("memberKey")
      }
      guard !members.contains(id) else { throw Refusal(409, "duplicate", "Member already exists.") }
      state.members[group] = members + [id]
      return ["id": .string(id), "role": "MEMBER"]
    case (.delete, 4):
      guard members.contains(call.path[3]) else {
        throw Refusal(400, "required", "Missing required field: resourceKey")
      }
      state.members[group] = members.filter { $0 != call.path[3] }
      return nil
    default: throw Refusal.notFound("path")
    }
  }

  func group(_ key: String, _ state: State) throws -> JSONObject {
    guard let group = state.groups[key] ?? state.groups.values.first(where: { Self.email($0) == key.lowercased() })
    else { throw Refusal.notFound("groupKey") }
    return group
  }

  // MARK: Roles

  func roles(_ call: Call, _ state: inout State) throws -> JSONObject? {
    guard call.path.count > 2, call.path[1] == "my_customer" else { throw Refusal.notFound("customer") }
    switch (call.method, call.path[2], call.path.count) {
    case (.get, "roles", 3):
      return try page(state.roles.sorted { $0.key < $1.key }.map(\.value), as: "items", call, most: 100)
    case (.post, "roles", 3):
      var role = try call.fields(["roleName", "rolePrivileges"])
      guard role["roleName"]?.string != nil, role["rolePrivileges"]?.array != nil else { throw Refusal.invalid("role") }
      state.next += 1
      role["roleId"] = .string("\(state.next)")
      state.roles["\(state.next)"] = role
      return role
    case (.get, "roles", 4): return try role(call.path[3], state)
    case (.patch, "roles", 4):
      let new = Self.merged(try role(call.path[3], state), try call.fields(["roleName", "rolePrivileges"]))
      state.roles[call.path[3]] = new
      return new
    case (.delete, "roles", 4):
      _ = try role(call.path[3], state)
      guard !state.assignments.values.contains(where: { $0["roleId"]?.string == call.path[3] }) else {
        throw Refusal(412, "conditionNotMet", "assigned")
      }
      state.roles[call.path[3]] = nil
      return nil
    case (.get, "roleassignments", 3):
      let all = state.assignments.sorted { $0.key < $1.key }.map(\.value)
      let role = call.query["roleId"]
      return try page(all.filter { role == nil || $0["roleId"]?.string == role }, as: "items", call, most: 200)
    case (.post, "roleassignments", 3):
      var assignment = try call.fields(["roleId", "assignedTo", "scopeType"])
      _ = try role(assignment["roleId"]?.string ?? "", state)
      guard let holder = assignment["assignedTo"]?.string, assignment["scopeType"] == "CUSTOMER" else {
        throw Refusal.invalid("assignment")
      }
      assignment["assigneeType"] = holder.hasPrefix("g") ? "group" : "user"
      state.next += 1
      assignment["roleAssignmentId"] = .string("\(state.next)")
      state.assignments["\(state.next)"] = assignment
      return assignment
    case (.delete, "roleassignments", 4):
      guard state.assignments.removeValue(forKey: call.path[3]) != nil else { throw Refusal.notFound("assignment") }
      return nil
    default: throw Refusal.notFound("path")
    }
  }

  private func role(_ id: String, _ state: State) throws -> JSONObject {
    guard let role = state.roles[id] else { throw Refusal.notFound("roleId") }
    return role
  }

  static func id(_ account: JSONObject) -> String { account["id"]?.string ?? "" }

  static func email(_ account: JSONObject) -> String {
    (account["primaryEmail"]?.string ?? account["email"]?.string ?? "").lowercased()
  }
}
