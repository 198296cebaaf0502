import JSON
import SCIM

extension GoogleEndpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    switch type.name {
    case "User": return try await createUser(attributes, as: type)
    case "Group": return try await createGroup(attributes, as: type)
    case "Role": return try await createRole(attributes, as: type)
    default: throw unknown(type)
    }
  }

  /// Google's entity tags are no precondition, so `version` is left out.
  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    switch type.name {
    case "User": return try await updateUser(id, update, as: type)
    case "Group": try await updateGroup(id, update)
    case "Role": try await updateRole(id, update)
    default: throw unknown(type)
    }
    return nil
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    do throws(EndpointError) {
      switch type.name {
      case "User": try await deleteUser(id)
      case "Group": try await deleteGroup(id)
      case "Role": try await deleteRole(id)
      default: throw unknown(type)
      }
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }
}
