import JSON
import NIOHTTP1
import SCIM

/// There is no update of a whole identity provider: a few fields go by a list of operations, each other part by a call of its
/// own. Only the parts that differ are written.
extension WSO2Endpoint {
  func createIdentityProvider(_ attributes: JSONObject) async throws(EndpointError) -> Resource {
    guard let name = attributes["name"]?.string else {
      throw EndpointError(.rejected, "an identity provider needs a name")
    }
    let request = EndpointRequest(
      .POST, Self.collection, body: WSO2IdentityProvider.document(attributes), secrets: Self.secrets(attributes))
    let id = try await management.creating(
      request,
      reading: { answer throws(EndpointError) in
        if let location = answer.headers.first(name: "Location") {
          return location.split(separator: "/").last.map(String.init) ?? ""
        }
        return try answer.object()?["id"]?.string ?? ""
      },
      look: { () throws(EndpointError) -> String? in
        try await identityProviderNames().first { $0.name == name }?.id
      })
    guard !id.isEmpty else {
      throw EndpointError(.malformed, "the endpoint does not say which identity provider it created")
    }
    // A new one is enabled, whatever was sent.
    if attributes["enabled"] == false {
      try await patch(id, [Self.operation("/isEnabled", from: true, to: false)])
    }
    var made = attributes
    made["id"] = .string(id)
    return Resource(made)
  }

  func updateIdentityProvider(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate
  ) async throws(EndpointError) {
    guard let known = try await identityProvider(id) else {
      throw EndpointError(.notFound, "there is no identity provider with the id '\(id)'")
    }
    let before = known.resource.attributes
    let after = try await applied(update, to: before, of: type)
    try await writeFields(id, from: before, to: after)
    if WSO2Authenticator.differ(before, after) { try await writeAuthenticator(id, known, after) }
    let parts = [
      ("claims", "/claims", known.document["claims"], WSO2IdentityProvider.claims),
      ("roles", "/roles", known.document["roles"], WSO2IdentityProvider.roles),
      (
        "justInTimeProvisioning", "/provisioning/jit", known.document["provisioning"]?["jit"],
        WSO2IdentityProvider.provisioning
      ),
    ]
    for (name, path, current, document) in parts where before[name] != after[name] {
      try await put(Self.target(id) + path, document(after[name], current?.object ?? [:]))
    }
  }

  func deleteIdentityProvider(_ id: String) async throws(EndpointError) {
    do throws(EndpointError) {
      _ = try await management.send(EndpointRequest(.DELETE, Self.target(id)))
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  // MARK: Parts

  private func applied(
    _ update: ResourceUpdate, to before: JSONObject, of type: ResourceType
  ) async throws(EndpointError) -> JSONObject {
    switch update {
    case .replace(let attributes): return attributes
    case .patch(let operations):
      let patcher = ResourcePatcher(type: type, catalog: try await capabilities().catalog)
      do {
        return try patcher.applying(operations, to: before)
      } catch {
        throw EndpointError(.rejected, "the identity provider cannot be changed so: \(error.detail)")
      }
    }
  }

  private func writeFields(_ id: String, from before: JSONObject, to after: JSONObject) async throws(EndpointError) {
    let fields = [
      ("/description", before["displayName"], after["displayName"]),
      ("/certificate/jwksUri", WSO2Authenticator.keys(before), WSO2Authenticator.keys(after)),
      ("/isEnabled", before["enabled"], after["enabled"] ?? before["enabled"]),
    ]
    let operations = fields.filter { $0.1 != $0.2 }.map { Self.operation($0.0, from: $0.1, to: $0.2) }
    if !operations.isEmpty { try await patch(id, operations) }
  }

  private func writeAuthenticator(
    _ id: String, _ known: KnownIdentityProvider, _ after: JSONObject
  ) async throws(EndpointError) {
    guard let own = WSO2Authenticator.own(after) else {
      throw EndpointError(.rejected, "the authenticator of an identity provider can be changed there, not removed")
    }
    let current = known.authenticator ?? [:]
    var document = WSO2Authenticator.document(own, over: current)
    // Whatever is not said to be the default is none any more.
    let chosen = known.document["federatedAuthenticators"]?["defaultAuthenticatorId"]?.string ?? ""
    document["isDefault"] = .bool(["", WSO2IdentityProvider.openIDConnect].contains(chosen))
    let told = WSO2Authenticator.values(current)[WSO2Authenticator.secret]?.string
    try await put(
      Self.target(id) + WSO2Authenticator.path, document, secrets: Self.secrets(after) + (told.map { [$0] } ?? []))
  }

  // MARK: Requests

  /// A body that is a list, whose values are texts all of them.
  private func patch(_ id: String, _ operations: [JSONValue]) async throws(EndpointError) {
    var request = EndpointRequest(.PATCH, Self.target(id))
    request.content = EndpointRequest.Content(
      mediaType: MessageFormat.json.contentType, bytes: JSONValue.array(operations).serialized())
    _ = try await management.send(request)
  }

  private func put(_ target: String, _ body: JSONObject, secrets: [String] = []) async throws(EndpointError) {
    _ = try await management.send(EndpointRequest(.PUT, target, body: body, secrets: secrets))
  }

  private static func operation(_ path: String, from before: JSONValue?, to after: JSONValue?) -> JSONValue {
    guard let after, !after.isNull else { return ["operation": "REMOVE", "path": .string(path)] }
    let text = after.string ?? after.bool.map(String.init) ?? ""
    return [
      "operation": before == nil ? "ADD" : "REPLACE", "path": .string(path), "value": .string(text),
    ]
  }

  private static func secrets(_ attributes: JSONObject) -> [String] {
    WSO2Authenticator.own(attributes)?["clientSecret"]?.string.map { [$0] } ?? []
  }
}
