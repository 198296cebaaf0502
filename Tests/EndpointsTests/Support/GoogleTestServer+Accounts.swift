import HTTPTypes
import JSON

extension GoogleTestServer {
  private static let userFields: Set<String> = [
    "primaryEmail", "name", "password", "suspended", "orgUnitPath", "emails", "phones", "addresses", "organizations",
    "externalIds", "relations", "languages",
  ]

  func users(_ call: Call, _ state: inout State) throws -> JSONObject? {
    switch (call.method, call.path.count) {
    case (.get, 1): return try list(call, state)
    case (.post, 1): return try insertUser(try call.fields(Self.userFields), &state)
    case (.get, 2):
      try call.allow(["projection"])
      return shown(try user(call.path[1], state), state)
    case (.patch, 2), (.put, 2):
      let body = try call.fields(Self.userFields)
      if call.method == .patch, body.contains(where: { $0.value.isNull }) { throw Refusal.invalid("cleared by PATCH") }
      return try patch(try user(call.path[1], state), body, &state)
    case (.delete, 2):
      let user = try user(call.path[1], state)
      let id = Self.id(user)
      state.deleted[id] = user
      state.users[id] = nil
      for group in state.members.keys { state.members[group]?.removeAll { $0 == id } }
      return nil
    case (.post, 3) where call.path[2] == "aliases":
      let alias = try call.fields(["alias"])["alias"]?.string ?? ""
      try checkFree(alias, state)
      return try alter(call.path[1], &state) { $0 + [.string(alias)] }
    case (.delete, 4) where call.path[2] == "aliases":
      _ = try alter(call.path[1], &state) { $0.filter { $0.string != call.path[3] } }
      return nil
    default: throw Refusal.notFound(call.path.joined(separator: "/"))
    }
  }

  private func list(_ call: Call, _ state: State) throws -> JSONObject {
    try call.allow(["customer", "domain", "maxResults", "projection", "pageToken", "query", "showDeleted"])
    guard (call.query["customer"] == nil) != (call.query["domain"] == nil) else { throw Refusal.invalid("scope") }
    var users = Array((call.query["showDeleted"] == "true" ? state.deleted : state.users).values)
    if let domain = call.query["domain"] { users = users.filter { Self.email($0).hasSuffix("@\(domain)") } }
    if let query = call.query["query"] {
      users = try users.filter { user in
        if query.hasPrefix("externalId='"), query.hasSuffix("'") {
          let value = String(query.dropFirst("externalId='".count).dropLast())
          return user["externalIds"]?.array?.contains { $0["value"]?.string == value } ?? false
        }
        guard query.hasPrefix("email:") else { throw Refusal.invalid("query") }
        return Self.email(user).hasPrefix(query.dropFirst("email:".count))
      }
    }
    let sorted = users.sorted { Self.email($0) < Self.email($1) }.map { shown($0, state) }
    return try page(sorted, as: "users", call, most: 500)
  }

  private func insertUser(_ body: JSONObject, _ state: inout State) throws -> JSONObject {
    guard let email = body["primaryEmail"]?.string, Self.isAddress(email) else { throw Refusal.invalid("primaryEmail") }
    guard body["name"]?["givenName"]?.string?.isEmpty == false, body["name"]?["familyName"]?.string?.isEmpty == false
    else { throw Refusal.invalid("name") }
    guard let password = body["password"]?.string, password.count >= 8 else { throw Refusal.invalid("password") }
    try checkFree(email, state)
    if state.deleted.values.contains(where: { Self.email($0) == email.lowercased() }) { throw Refusal.duplicate }
    state.next += 1
    var user = Self.merged(["suspended": false], body)
    user["id"] = .string("\(state.next)")
    state.users["\(state.next)"] = user
    state.unknown["\(state.next)"] = state.unknownFor
    return shown(user, state)
  }

  private func patch(_ user: JSONObject, _ body: JSONObject, _ state: inout State) throws -> JSONObject {
    var new = Self.merged(user, body)
    if let email = body["primaryEmail"]?.string, email.lowercased() != Self.email(user) {
      try checkFree(email, state)
      new["aliases"] = .array((user["aliases"]?.array ?? []) + [user["primaryEmail"] ?? .null])
    }
    state.users[Self.id(user)] = new
    return shown(new, state)
  }

  private func alter(
    _ key: String, _ state: inout State, _ change: ([JSONValue]) -> [JSONValue]
  ) throws -> JSONObject {
    var user = try user(key, state)
    user["aliases"] = .array(change(user["aliases"]?.array ?? []))
    state.users[Self.id(user)] = user
    return ["kind": "admin#directory#alias"]
  }

  func user(_ key: String, _ state: State) throws -> JSONObject {
    let named = state.users.values.first { user in
      Self.email(user) == key.lowercased() || (user["aliases"]?.array ?? []).contains { $0.string == key }
    }
    guard let user = state.users[key] ?? named else { throw Refusal.notFound("userKey") }
    return user
  }

  /// As Google tells it: with its full name, and with all its addresses among `emails`.
  private func shown(_ user: JSONObject, _ state: State) -> JSONObject {
    var shown = user
    shown["password"] = nil
    var name = user["name"]?.object ?? [:]
    name["fullName"] = .string("\(name["givenName"]?.string ?? "") \(name["familyName"]?.string ?? "")")
    shown["name"] = .object(name)
    let given = user["emails"]?.array ?? []
    let automatic = ([user["primaryEmail"] ?? .null] + (user["aliases"]?.array ?? [])).enumerated().map {
      place, address in
      JSONValue.object(place == 0 ? ["address": address, "primary": true] : ["address": address])
    }
    shown["emails"] = .array(given.filter { $0["primary"] != true } + automatic)
    shown["etag"] = "\"x\""
    return shown
  }

  func checkFree(_ address: String, _ state: State) throws {
    let names =
      state.users.values.flatMap { [Self.email($0)] + ($0["aliases"]?.array ?? []).compactMap(\.string) }
      + state.groups.values.map(Self.email)
    if names.contains(where: { $0.lowercased() == address.lowercased() }) { throw Refusal.duplicate }
  }
}
