import JSON
import NIOHTTP1
import SCIM

extension WSO2Endpoint {
  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    switch type.managedCollection {
    case .identityProviders?: return try await createIdentityProvider(attributes)
    case .applications?: return try await createApplication(attributes)
    case nil: break
    }
    let profile = try await profile()
    let named = try await namingMembers(in: attributes, of: type)
    let document = profile.mapping.document(named, of: type, isNew: true)
    let confidential = WriteOnlyValues(schemas: profile.capabilities.catalog.schemas(of: type))
    let request = EndpointRequest(
      .POST, try scim.address.collection(type), body: document, secrets: confidential.texts(in: attributes))
    return try await create(attributes, as: type, by: request, over: scim.connection) { body in
      noted(body, type, profile.mapping)
    }
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    switch type.managedCollection {
    case .identityProviders?:
      try await updateIdentityProvider(id, of: type, update)
      return nil
    case .applications?:
      try await updateApplication(id, of: type, update)
      return nil
    case nil: break
    }
    let mapping = try await profile().mapping
    let written = try await written(update, type, mapping)
    let answer = try await scim.update(id, of: type, written, version: nil)
    // Of a role the answer tells no more than the name.
    return type.name == "Role" ? nil : answer.map { noted($0.attributes, type, mapping) }
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    switch type.managedCollection {
    case .identityProviders?: return try await remove(WSO2Collection.identityProviders.target(id))
    case .applications?: return try await deleteApplication(id)
    case nil: break
    }
    try await scim.delete(id, of: type, version: nil)
  }

  private func written(
    _ update: ResourceUpdate, _ type: ResourceType, _ mapping: WSO2ResourceMapping
  ) async throws(EndpointError) -> ResourceUpdate {
    switch update {
    case .replace(let attributes):
      let named = try await namingMembers(in: attributes, of: type)
      return .replace(mapping.document(named, of: type, isNew: false))
    case .patch(let operations):
      var written: [PatchOperation] = []
      for operation in operations {
        written.append(mapping.operation(try await namingMembers(in: operation, of: type), of: type))
      }
      return .patch(written)
    }
  }

  // MARK: The names of members

  private func namingMembers(
    in operation: PatchOperation, of type: ResourceType
  ) async throws(EndpointError) -> PatchOperation {
    guard type.name == "Group", operation.verb != .remove, let value = operation.value else { return operation }
    var named = operation
    if operation.path == nil, let object = value.object {
      named.value = .object(try await namingMembers(in: object, of: type))
    } else if operation.path == AttributePath("members") {
      named.value = try await naming(value)
    }
    return named
  }

  private func namingMembers(in body: JSONObject, of type: ResourceType) async throws(EndpointError) -> JSONObject {
    guard type.name == "Group", let list = body["members"] else { return body }
    var body = body
    body["members"] = try await naming(list)
    return body
  }

  /// The members with the name of each: the server looks for a member by both.
  private func naming(_ list: JSONValue) async throws(EndpointError) -> JSONValue {
    guard let elements = list.array else { return list }
    var named: [JSONValue] = []
    for element in elements {
      guard let id = element["value"]?.string else {
        named.append(element)
        continue
      }
      var member: JSONObject = ["value": .string(id)]
      member["display"] = try await memberName(id).map(JSONValue.string)
      named.append(.object(member))
    }
    return .array(named)
  }

  /// What a user is called; one that was not seen yet is asked for. nil when there is none.
  private func memberName(_ id: String) async throws(EndpointError) -> String? {
    if let name = members[id] { return name }
    guard let users = try await capabilities().catalog.resourceType("User") else { return nil }
    return try await resource(id, of: users)?.userName
  }
}
