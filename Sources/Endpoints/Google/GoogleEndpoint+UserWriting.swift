import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension GoogleEndpoint {
  func createUser(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    guard let userName = attributes["userName"]?.string, attributes["name"]?["givenName"]?.string?.isEmpty == false,
      attributes["name"]?["familyName"]?.string?.isEmpty == false
    else {
      throw EndpointError(
        .rejected,
        "Google takes no user without `userName`, `name.givenName` and `name.familyName`; name them in the"
          + " manifest, or make them up in the endpoint's `mapping`")
    }
    let wanted = try await withManagerAddress(attributes)
    var body = GoogleUserMapping.body(wanted, fields: GoogleUserMapping.fields(of: wanted), current: [:])
    if body["password"] == nil { body["password"] = .string(unknownPassword()) }
    body["orgUnitPath"] = .string(settings.orgUnitPath)
    let request = EndpointRequest(
      .POST, GoogleAddress.users, body: body, secrets: [body["password"]?.string].compactMap { $0 })
    let made = try await explainingConflict(over: userName) { () throws(EndpointError) -> Resource in
      try await create(attributes, as: type, by: request, over: connection(for: request)) { answer in
        knowledge.learn(answer)
        return decoded(answer)
      }
    }
    knowledge.noteCreation(of: made.id, at: timeline.now)
    try await add(aliases: GoogleEmail.aliases(in: attributes["emails"]), to: made.id)
    return made
  }

  func updateUser(
    _ id: String, _ update: ResourceUpdate, as type: ResourceType
  ) async throws(EndpointError) -> Resource? {
    switch update {
    case .replace(let attributes):
      return try await write(attributes, to: id, fields: Set(GoogleUserField.allCases))
    case .patch(let operations):
      let fields = operations.reduce(into: Set()) { $0.formUnion(GoogleUserField.touched(by: $1)) }
      let before = try await known(of: id, fields, operations)
      let after: JSONObject
      do {
        after = try ResourcePatcher(type: type, catalog: catalog).applying(operations, to: before)
      } catch {
        throw EndpointError(error)
      }
      return try await write(after, to: id, fields: fields)
    }
  }

  /// What has to be known of a user before these operations can be written: nothing for what is replaced whole, and no more
  /// than was listed for the rest.
  private func known(
    of id: String, _ fields: Set<GoogleUserField>, _ operations: [PatchOperation]
  ) async throws(EndpointError) -> JSONObject {
    let isPartial = operations.contains { operation in
      operation.path?.valueFilter != nil || (operation.verb == .add && operation.value?.array != nil)
    }
    if isPartial { return GoogleUserMapping.resource(try await read(id)).attributes }
    guard fields.contains(where: \.isShared) || fields.contains(.emails) else { return [:] }
    let lists = if let lists = knowledge.lists(of: id) { lists } else { try await read(id) }
    return GoogleUserMapping.resource(lists).attributes
  }

  private func write(
    _ attributes: JSONObject, to id: String, fields: Set<GoogleUserField>
  ) async throws(EndpointError) -> Resource? {
    var current: JSONObject = [:]
    if fields.contains(where: \.isShared) || fields.contains(.emails) {
      current = if let lists = knowledge.lists(of: id) { lists } else { try await read(id) }
    }
    let wanted = try await withManagerAddress(attributes)
    let body = GoogleUserMapping.body(wanted, fields: fields, current: current)
    // A list cannot be cleared by PATCH; PUT is none of HTTP's there, but leaves alone what it does not name.
    let clears = body.contains { $0.value.isNull }
    var request = EndpointRequest(clears ? .PUT : .PATCH, try GoogleAddress.user(id), body: body)
    request.secrets = [body["password"]?.string].compactMap { $0 }
    let answer = try await settled([id]) { () throws(EndpointError) -> JSONObject? in try await send(request) }
    if let answer { knowledge.learn(answer) }
    if fields.contains(.emails) { try await align(aliases: attributes["emails"], of: id, current) }
    return answer.map(decoded)
  }

  /// - Throws: `rejected` where a user's removal is to suspend them.
  func deleteUser(_ id: String) async throws(EndpointError) {
    guard settings.onRemoval == .delete else {
      throw EndpointError(
        .rejected, "the users of this endpoint are suspended and never deleted; `google.onRemoval: delete` changes that"
      )
    }
    _ = try await send(EndpointRequest(.DELETE, try GoogleAddress.user(id)))
  }

  // MARK: Managers

  /// The attributes with their manager told by address, as Google wants it.
  private func withManagerAddress(_ attributes: JSONObject) async throws(EndpointError) -> JSONObject {
    let urn = attributes.spelling(of: SchemaURN.enterpriseUser) ?? SchemaURN.enterpriseUser
    guard var enterprise = attributes[urn]?.object, let id = enterprise["manager"]?["value"]?.string,
      !id.contains("@")
    else { return attributes }
    let address: String
    if let known = knowledge.address(of: id) {
      address = known
    } else {
      let manager = try await settled([id]) { () throws(EndpointError) -> JSONObject in try await read(id) }
      address = manager["primaryEmail"]?.string ?? id
    }
    enterprise["manager"] = ["value": .string(address)]
    var attributes = attributes
    attributes[urn] = .object(enterprise)
    return attributes
  }

  // MARK: Aliases

  private func align(aliases emails: JSONValue?, of id: String, _ current: JSONObject) async throws(EndpointError) {
    // Who says nothing of addresses takes none away.
    guard emails != nil else { return }
    let wanted = GoogleEmail.aliases(in: emails)
    let there = (current["aliases"]?.array ?? []).compactMap(\.string)
    func isIn(_ list: [String], _ alias: String) -> Bool { list.contains { $0.lowercased() == alias.lowercased() } }
    try await add(aliases: wanted.filter { !isIn(there, $0) }, to: id)
    for alias in there where !isIn(wanted, alias) {
      do throws(EndpointError) {
        let target = try GoogleAddress.item(alias, in: try GoogleAddress.aliases(of: id))
        _ = try await send(EndpointRequest(.DELETE, target))
      } catch {
        guard error.kind == .notFound else { throw error }
      }
      knowledge.learn(alias: alias, of: id, isThere: false)
    }
  }

  private func add(aliases: [String], to id: String) async throws(EndpointError) {
    for alias in aliases {
      var request = EndpointRequest(.POST, try GoogleAddress.aliases(of: id), body: ["alias": .string(alias)])
      // A second one finds the first, and is refused.
      request.effect = .repeatableWrite
      let insert = request
      _ = try await settled([id]) { () throws(EndpointError) -> JSONObject? in try await send(insert) }
      knowledge.learn(alias: alias, of: id, isThere: true)
    }
  }
}
