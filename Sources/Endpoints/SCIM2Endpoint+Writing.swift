import JSON
import NIOHTTP1
import SCIM

extension SCIM2Endpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let request = EndpointRequest(
      .POST, try address.collection(type), body: attributes,
      secrets: try await writeOnlyValues(of: type).texts(in: attributes))
    return try await create(attributes, as: type, by: request, over: connection, reading: Resource.init)
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    let target = try address.resource(id, of: type)
    let tag = try await precondition(version)
    let confidential = try await writeOnlyValues(of: type)
    let request =
      switch update {
      case .replace(let attributes):
        EndpointRequest(.PUT, target, body: attributes, ifMatch: tag, secrets: confidential.texts(in: attributes))
      case .patch(let operations):
        EndpointRequest(
          .PATCH, target, body: PatchRequest(operations: operations).json, ifMatch: tag,
          secrets: operations.flatMap(confidential.texts))
      }
    return try await connection.send(request).object().map(Resource.init)
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    let request = EndpointRequest(
      .DELETE, try address.resource(id, of: type), ifMatch: try await precondition(version))
    do throws(EndpointError) {
      _ = try await connection.send(request)
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  /// The entity tag to send, where the endpoint heeds it.
  private func precondition(_ version: String?) async throws(EndpointError) -> String? {
    guard let version, try await serviceProfile().capabilities.supportsEntityTags else { return nil }
    return version
  }

  private func writeOnlyValues(of type: ResourceType) async throws(EndpointError) -> WriteOnlyValues {
    WriteOnlyValues(schemas: try await serviceProfile().capabilities.catalog.schemas(of: type))
  }
}
