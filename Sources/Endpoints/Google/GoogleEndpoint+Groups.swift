import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension GoogleEndpoint {
  /// A page of groups, those that are wanted with all their members: one request for every two hundred of them, a few
  /// groups at once.
  func groupPage(at token: String?, _ interest: ListingInterest) async throws(EndpointError) -> ResourcePage {
    let page = try await list(GoogleAddress.groups, "groups", scope + [("maxResults", "200")], token)
    page.entries.forEach(knowledge.learn)
    let resources = try await SideBySide.map(page.entries) { (group) throws(EndpointError) -> Resource? in
      let listed = GoogleGroupMapping.resource(group, members: [])
      guard interest.wants(listed) else { return listed }
      do throws(EndpointError) {
        return try await self.whole(group)
      } catch {
        // Deleted meanwhile; any other group whose members cannot be read must not look empty.
        guard error.kind == .notFound else { throw error }
        return nil
      }
    }
    return ResourcePage(
      resources: resources.compactMap { $0 }, totalResults: nil, next: page.next.map(PagePosition.cursor),
      endIsCertain: true)
  }

  /// One group, by id or address.
  func group(_ key: String) async throws(EndpointError) -> Resource {
    guard let group = try await send(EndpointRequest(.GET, try GoogleAddress.group(key))), group["id"] != nil else {
      throw EndpointError(.malformed, "Google answered without the group")
    }
    knowledge.learn(group)
    return try await whole(group)
  }

  private func whole(_ group: JSONObject) async throws(EndpointError) -> Resource {
    guard let id = group["id"]?.string, !id.isEmpty else {
      throw EndpointError(.malformed, "Google told a group without its id")
    }
    return GoogleGroupMapping.resource(group, members: try await members(of: id))
  }

  // MARK: Writing

  func createGroup(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let body = try GoogleGroupMapping.body(attributes, domain: domain)
    let request = EndpointRequest(.POST, GoogleAddress.groups, body: body)
    let made = try await explainingConflict(over: body["email"]?.string ?? "", isGroup: true) {
      () throws(EndpointError) -> Resource in
      try await create(attributes, as: type, by: request, over: connection(for: request)) { answer in
        knowledge.learn(answer)
        return GoogleGroupMapping.resource(answer, members: [])
      }
    }
    knowledge.noteCreation(of: made.id, at: timeline.now)
    try await apply(MembershipEdit(adding: MembershipEdit.ids(attributes["members"])), toGroup: made.id)
    return made
  }

  func updateGroup(_ id: String, _ update: ResourceUpdate) async throws(EndpointError) {
    switch update {
    case .patch(let operations):
      try await write(operations.values(of: ["displayName", "externalId"]), toGroup: id)
      try await apply(try MembershipEdit(operations, of: "members"), toGroup: id)
    case .replace(let group):
      try await write(
        ["displayName": group["displayName"] ?? .null, "externalId": group["externalId"] ?? .null], toGroup: id)
      try await apply(MembershipEdit(exactly: MembershipEdit.ids(group["members"])), toGroup: id)
    }
  }

  /// Writes the name and the external id; the address stays, as mail goes there.
  private func write(_ values: [String: JSONValue], toGroup id: String) async throws(EndpointError) {
    var body: JSONObject = [:]
    body["name"] = values["displayName"]
    if let externalID = values["externalId"] {
      let group =
        if let known = knowledge.lists(of: id) { known } else {
          try await send(EndpointRequest(.GET, try GoogleAddress.group(id))) ?? [:]
        }
      body["externalIds"] = GoogleGroupMapping.externalID.setting(
        [("id", externalID)], in: group)
    }
    guard !body.isEmpty else { return }
    let request = EndpointRequest(.PATCH, try GoogleAddress.group(id), body: body)
    let answer = try await settled([id]) { () throws(EndpointError) -> JSONObject? in try await send(request) }
    if let answer { knowledge.learn(answer) }
  }

  func deleteGroup(_ id: String) async throws(EndpointError) {
    _ = try await send(EndpointRequest(.DELETE, try GoogleAddress.group(id)))
  }
}

extension [PatchOperation] {
  /// The values that operations leave these single-valued attributes with; null where they are taken away.
  func values(of attributes: [String]) -> [String: JSONValue] {
    var values: [String: JSONValue] = [:]
    for operation in self {
      for name in attributes {
        if let path = operation.path {
          guard path.attribute.lowercased() == name.lowercased(), path.subAttribute == nil else { continue }
          values[name] = operation.verb == .remove ? .null : operation.value ?? .null
        } else if let value = operation.value?.object?.value(ignoringCase: name) {
          values[name] = value
        }
      }
    }
    return values
  }
}
