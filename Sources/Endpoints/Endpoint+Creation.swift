import JSON
import SCIM

extension Endpoint {
  /// Sends a create, and makes sure of what became of it: one whose answer was lost is looked up before it is repeated,
  /// and so is one that is answered without the resource.
  /// - Parameter read: the resource in the body of an answer.
  func create(
    _ attributes: JSONObject, as type: ResourceType, by request: EndpointRequest, over connection: EndpointConnection,
    reading read: (JSONObject) -> Resource
  ) async throws(EndpointError) -> Resource {
    let made = try await connection.creating(
      request, reading: { answer throws(EndpointError) in try answer.object().map(read) },
      look: { () throws(EndpointError) -> Resource?? in
        try await existing(like: attributes, as: type).map(Optional.some)
      })
    if let made, !made.id.isEmpty { return made }
    // Created, but not told as what (RFC 7644 section 3.3 allows no such answer; servers give it).
    if let found = try await existing(like: attributes, as: type) { return found }
    throw EndpointError(.malformed, "the endpoint answered a create without the resource, and it cannot be found there")
  }

  /// The one resource that carries the identity of these attributes; nil when there is none.
  ///
  /// Asked when a create ended without an answer. The externalId is ours alone, so it settles the matter even where the
  /// endpoint rewrites names; a namesake without it is somebody else's, and a conflict.
  func existing(like attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource? {
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
}

extension Resource {
  /// Names are compared without regard to case, as their schemas do; an externalId exactly (RFC 7643 section 3.1).
  fileprivate func carries(_ value: String, in name: String) -> Bool {
    guard let own = self[name]?.string else { return false }
    return name == "externalId" ? own == value : own.lowercased() == value.lowercased()
  }
}
