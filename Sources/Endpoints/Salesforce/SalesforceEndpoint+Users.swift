import JSON
import NIOHTTP1
import SCIM

extension SalesforceEndpoint {
  /// Creates a user, and sets the password by a call of its own when there is one.
  func createUser(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let mapping = try await organization().mapping
    let record = try defaults.completing(mapping.withoutNulls(mapping.record(attributes)))
    let request = EndpointRequest(
      .POST, "\(api)/sobjects/User", body: try await identifying(record, mapping), secrets: attributes.passwords)
    let user: Resource
    do throws(EndpointError) {
      user = try await create(attributes, as: type, by: request, over: connection) { answer in
        var made = record
        made["Id"] = answer["id"]
        return Resource(mapping.resource(made))
      }
    } catch {
      throw error.kind == .conflict ? try await explaining(error, attributes, as: type) : error
    }
    if let password = attributes["password"]?.string { try await setNewPassword(password, of: user.id) }
    return user
  }

  /// User names are unique over all organisations, so whoever has the name may be out of our sight.
  private func explaining(
    _ conflict: EndpointError, _ attributes: JSONObject, as type: ResourceType
  ) async throws(EndpointError) -> EndpointError {
    guard let userName = attributes["userName"]?.string, conflict.message.contains("DUPLICATE_USERNAME"),
      try await find(type, where: "userName", equals: userName).isEmpty
    else { return conflict }
    return EndpointError(
      .rejected, status: conflict.status,
      "the user name '\(userName)' is taken in another Salesforce organisation, and no two users of all organisations"
        + " share one: choose another (\(conflict.message))")
  }

  private func setNewPassword(_ password: String, of id: String) async throws(EndpointError) {
    do throws(EndpointError) {
      try await setPassword(password, of: id)
    } catch {
      throw EndpointError(error.kind, status: error.status, "created, but without the password: \(error.message)")
    }
  }

  /// Only the fields that differ are sent.
  func updateUser(_ id: String, _ update: ResourceUpdate, as type: ResourceType) async throws(EndpointError) {
    let mapping = try await organization().mapping
    let change =
      switch update {
      case .patch(let operations): try await self.change(operations, of: id, mapping, type)
      case .replace(let attributes):
        UserMapping.Change(
          record: mapping.withoutLosses(
            mapping.difference(from: try await current(id, type), to: attributes)),
          password: attributes["password"]?.string)
      }
    if !change.record.isEmpty { try await write(change.record, to: id, mapping) }
    if let password = change.password { try await setPassword(password, of: id) }
  }

  private func current(_ id: String, _ type: ResourceType) async throws(EndpointError) -> JSONObject {
    guard let user = try await resource(id, of: type) else {
      throw EndpointError(.notFound, "there is no User with the id '\(id)'")
    }
    return user.attributes
  }

  private func change(
    _ operations: [PatchOperation], of id: String, _ mapping: UserMapping, _ type: ResourceType
  ) async throws(EndpointError) -> UserMapping.Change {
    if let change = try mapping.change(operations) { return change }
    let current = try await current(id, type)
    let patcher = ResourcePatcher(type: type, catalog: try await capabilities().catalog)
    do throws(SCIMError) {
      let wanted = try patcher.applying(operations, to: current)
      return UserMapping.Change(
        record: mapping.difference(from: current, to: wanted), password: wanted["password"]?.string)
    } catch {
      throw EndpointError(error)
    }
  }

  private func write(_ record: JSONObject, to id: String, _ mapping: UserMapping) async throws(EndpointError) {
    let body = try await identifying(record, mapping)
    do throws(EndpointError) {
      _ = try await connection.send(EndpointRequest(.PATCH, try self.record("User", id), body: body))
    } catch {
      guard error.kind == .rejected, record["IsActive"] == false else { throw error }
      throw try await freezing(id, because: error)
    }
  }

  /// Somebody whom the organisation still needs, as the owner of something by default, cannot be deactivated. The account is
  /// frozen instead, so that nobody logs in with it while that is put right.
  private func freezing(_ id: String, because refusal: EndpointError) async throws(EndpointError) -> EndpointError {
    let logins = try await all(SOQL(["Id", "IsFrozen"], from: "UserLogin", where: [.equals("UserId", id)]))
    guard let login = logins.first, let loginID = login["Id"]?.string else { return refusal }
    if login["IsFrozen"] != true {
      _ = try await connection.send(
        EndpointRequest(.PATCH, try record("UserLogin", loginID), body: ["IsFrozen": true]))
    }
    return EndpointError(
      refusal.kind, status: refusal.status,
      "\(refusal.message); the account is frozen until the user can be deactivated")
  }

  private func setPassword(_ password: String, of id: String) async throws(EndpointError) {
    var request = EndpointRequest(
      .POST, try record("User", id) + "/password", body: ["NewPassword": .string(password)], secrets: [password])
    request.effect = .repeatableWrite
    _ = try await connection.send(request)
  }
}

extension UserMapping {
  /// A new record says nothing of what it does not have.
  fileprivate func withoutNulls(_ record: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: record.members.filter { !$0.value.isNull })
  }
}

extension JSONObject {
  fileprivate var passwords: [String] { self["password"]?.string.map { [$0] } ?? [] }
}
