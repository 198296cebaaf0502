import JSON
import NIOHTTP1
import SCIM

extension SCIM2Endpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    let request = EndpointRequest(
      .POST, try address.collection(type), body: attributes,
      secrets: try await writeOnlyValues(of: type).texts(in: attributes))
    let made = try await creating(request) { () throws(EndpointError) -> Resource? in
      try await existing(like: attributes, as: type)
    }
    if let made, !made.id.isEmpty { return made }
    // Created, but not told as what (RFC 7644 section 3.3 allows no such answer; servers give it).
    if let found = try await existing(like: attributes, as: type) { return found }
    throw EndpointError(.malformed, "the endpoint answered a create without the resource, and it cannot be found there")
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
    return try await send(request).object().map(Resource.init)
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    let request = EndpointRequest(
      .DELETE, try address.resource(id, of: type), ifMatch: try await precondition(version))
    do throws(EndpointError) {
      _ = try await send(request)
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  /// The entity tag to send, where the endpoint heeds it.
  private func precondition(_ version: String?) async throws(EndpointError) -> String? {
    guard let version, try await serviceProfile().capabilities.supportsEntityTags else { return nil }
    return version
  }

  /// The one resource that carries the identity of these attributes; nil when there is none.
  ///
  /// Asked when a create ended without an answer. The externalId is ours alone, so it settles the matter even where the
  /// endpoint rewrites names; a namesake without it is somebody else's, and a conflict.
  private func existing(like attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource? {
    // A display name identifies only what has no user name.
    let naming = attributes["userName"] == nil ? "displayName" : "userName"
    let identity = ["externalId", naming].compactMap { name in
      attributes[name]?.string.map { (name: name, value: $0) }
    }
    for (name, value) in identity {
      let found = try await find(type, where: name, equals: value)
      guard let first = found.first else { continue }
      guard found.count == 1, name == "externalId" || identity.allSatisfy({ first.carries($0.value, in: $0.name) })
      else {
        throw EndpointError(.conflict, "there is another \(type.name) with \(name) '\(value)'")
      }
      return first
    }
    return nil
  }

  private func writeOnlyValues(of type: ResourceType) async throws(EndpointError) -> WriteOnlyValues {
    WriteOnlyValues(schemas: try await serviceProfile().capabilities.catalog.schemas(of: type))
  }
}

extension Resource {
  /// Names are compared without regard to case, as their schemas do; an externalId exactly (RFC 7643 section 3.1).
  fileprivate func carries(_ value: String, in name: String) -> Bool {
    guard let own = self[name]?.string else { return false }
    return name == "externalId" ? own == value : own.lowercased() == value.lowercased()
  }
}
