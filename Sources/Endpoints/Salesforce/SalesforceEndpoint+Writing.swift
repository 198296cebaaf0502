import JSON
import NIOHTTP1
import SCIM

extension SalesforceEndpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    if type.name == "User" { return try await createUser(attributes, as: type) }
    let membership = try Membership.of(type)
    let record = try membership.record(attributes)
    let request = EndpointRequest(.POST, "\(api)/sobjects/\(membership.object)", body: record)
    let made = try await create(attributes, as: type, by: request, over: connection) { answer in
      var made = record
      made["Id"] = answer["id"]
      return membership.resource(made, members: [])
    }
    let members = membership.members(attributes[membership.attribute])
    guard !members.isEmpty else { return made }
    do throws(EndpointError) {
      try await add(members, to: made.id, membership)
    } catch {
      throw EndpointError(error.kind, status: error.status, "created, but not with all members: \(error.message)")
    }
    return made
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    if type.name == "User" {
      try await updateUser(id, update, as: type)
    } else {
      try await self.update(id, try Membership.of(type), update)
    }
    return nil
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    guard type.name != "User" else { throw Self.undeletable }
    try await deleteRecord(of: try Membership.of(type).object, id)
  }

  static let undeletable = EndpointError(
    .rejected, "Salesforce keeps its users for ever: they can be deactivated, not deleted")

  /// What is gone already is no error.
  func deleteRecord(of object: String, _ id: String) async throws(EndpointError) {
    do throws(EndpointError) {
      _ = try await connection.send(EndpointRequest(.DELETE, try record(object, id)))
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }
}
