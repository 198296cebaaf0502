import JSON
import NIOHTTP1
import SCIM
import Synchronization

extension SCIM1Endpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let request = EndpointRequest(
      .POST, try address.collection(type), body: try await encoded(attributes, as: type),
      secrets: writeOnlyValues(of: type).texts(in: attributes))
    return try await create(attributes, as: type, by: request, over: connection) { decoded($0, as: type) }
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    switch update {
    case .replace(let attributes): return try await replace(id, of: type, with: attributes, version)
    case .patch(let operations):
      guard !lacksPatch.load(ordering: .relaxed) else { return try await rewrite(id, of: type, operations, version) }
      do throws(EndpointError) {
        return try await patch(id, of: type, operations, version)
      } catch {
        guard [405, 501].contains(error.status) else { throw error }
        lacksPatch.store(true, ordering: .relaxed)
        return try await rewrite(id, of: type, operations, version)
      }
    }
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

  /// Sends what differs and nothing else; only what cannot be said without the resource is looked up before.
  private func patch(
    _ id: String, of type: ResourceType, _ operations: [PatchOperation], _ version: String?
  ) async throws(EndpointError) -> Resource? {
    let change = try Self.inProtocol { () throws(SCIMError) in
      try PatchBody(operations, of: type, catalog: catalog)
    }
    let current = change.dependsOnResource ? try await read(id, of: type).attributes : [:]
    let body = try Self.inProtocol { () throws(SCIMError) in try change.json(on: current) }
    let request = EndpointRequest(
      .PATCH, try address.resource(id, of: type), body: try await namingMembers(in: body),
      ifMatch: try await precondition(version), secrets: operations.flatMap(writeOnlyValues(of: type).texts))
    return try await connection.send(request).object().map { decoded($0, as: type) }
  }

  /// A change at an endpoint without PATCH: laid over what is there, without what only the endpoint writes.
  private func rewrite(
    _ id: String, of type: ResourceType, _ operations: [PatchOperation], _ version: String?
  ) async throws(EndpointError) -> Resource? {
    let current = try await read(id, of: type)
    let changed = try Self.inProtocol { () throws(SCIMError) in
      try ResourcePatcher(type: type, catalog: catalog).applying(operations, to: current.attributes)
    }
    let writable = changed.members.filter { member in
      AttributePath(member.key).resolve(in: type, catalog: catalog)?.mutability != .readOnly
    }
    return try await replace(id, of: type, with: JSONObject(uniqueMembers: writable), version)
  }

  private func replace(
    _ id: String, of type: ResourceType, with attributes: JSONObject, _ version: String?
  ) async throws(EndpointError) -> Resource? {
    let request = EndpointRequest(
      .PUT, try address.resource(id, of: type), body: try await encoded(attributes, as: type),
      ifMatch: try await precondition(version), secrets: writeOnlyValues(of: type).texts(in: attributes))
    return try await connection.send(request).object().map { decoded($0, as: type) }
  }

  private func encoded(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> JSONObject {
    try await namingMembers(in: Dialect11.encoded(Resource(attributes), of: type).attributes)
  }

  /// The entity tag to send, where the endpoint heeds it.
  private func precondition(_ version: String?) async throws(EndpointError) -> String? {
    guard let version, try await capabilities().supportsEntityTags else { return nil }
    return version
  }

  private func writeOnlyValues(of type: ResourceType) -> WriteOnlyValues {
    WriteOnlyValues(schemas: catalog.schemas(of: type))
  }

  private static func inProtocol<Value>(
    _ work: () throws(SCIMError) -> Value
  ) throws(EndpointError) -> Value {
    do {
      return try work()
    } catch {
      throw EndpointError(error)
    }
  }
}
