import JSON
import NIOHTTP1
import SCIM

/// There is no update of a whole identity provider: a few fields go by a list of operations, each other part by a call of its
/// own. Only the parts that differ are written.
extension WSO2Endpoint {
  func createIdentityProvider(_ attributes: JSONObject) async throws(EndpointError) -> Resource {
    let name = try Self.name(attributes)
    let connectors = try await connectors(for: attributes, over: [])
    let id = try await make(
      WSO2IdentityProvider.document(attributes, connectors: connectors), named: name, in: .identityProviders,
      secrets: Self.secrets(attributes) + (connectors?.secrets ?? []))
    // A new one is enabled, whatever was sent.
    if attributes["enabled"] == false {
      try await patch(id, [Self.operation("/isEnabled", from: true, to: false)])
    }
    if let connectors { try await makeBlocking(connectors, connectors.defaultID(), of: id) }
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
    let connectors = try await connectors(for: after, over: known.connectors)
    try await writeFields(id, from: before, to: after)
    if WSO2Authenticator.differ(before, after) { try await writeAuthenticator(id, known, after) }
    let target = WSO2Collection.identityProviders.target(id)
    if before["claims"] != after["claims"] {
      try await put(
        target + "/claims", WSO2IdentityProvider.claims(after["claims"], over: known.document["claims"]?.object ?? [:]))
    }
    let provisioned = WSO2Connector.roles(known.document)
    let wanted = connectors?.roles ?? provisioned
    if before["roles"] != after["roles"] || Set(wanted) != Set(provisioned) {
      let current = known.document["roles"]?.object ?? [:]
      try await put(target + "/roles", WSO2IdentityProvider.roles(after["roles"], provisioned: wanted, over: current))
    }
    if before["justInTimeProvisioning"] != after["justInTimeProvisioning"] {
      let current = known.document["provisioning"]?["jit"]?.object ?? [:]
      try await put(
        target + "/provisioning/jit", WSO2IdentityProvider.provisioning(after["justInTimeProvisioning"], over: current))
    }
    try await writeConnectors(connectors, of: id, known)
  }

  // MARK: Parts

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
    let chosen = known.document["federatedAuthenticators"]?["defaultAuthenticatorId"]?.string ?? ""
    let isDefault = ["", WSO2IdentityProvider.openIDConnect].contains(chosen)
    document["isDefault"] = .bool(isDefault)
    let told = WSO2Property.values(current)[WSO2Authenticator.secret]?.string
    let target = WSO2Collection.identityProviders.target(id)
    try await put(
      target + WSO2Authenticator.path(), document, secrets: Self.secrets(after) + (told.map { [$0] } ?? []))
    // Where another was written, there is no default any more.
    if !isDefault { try await chooseAuthenticator(target + WSO2Authenticator.path(chosen)) }
  }

  /// Makes an authenticator that no manifest can describe the default.
  private func chooseAuthenticator(_ target: String) async throws(EndpointError) {
    guard var document = try await document(target) else { return }
    let secrets = WSO2Property.values(document).members.compactMap(\.value.string)
    for name in document.keys where !["authenticatorId", "isEnabled", "properties"].contains(name) {
      document[name] = nil
    }
    document["isDefault"] = true
    try await put(target, document, secrets: secrets)
  }

  // MARK: Requests

  /// A body that is a list, whose values are texts all of them.
  private func patch(_ id: String, _ operations: [JSONValue]) async throws(EndpointError) {
    var request = EndpointRequest(.PATCH, WSO2Collection.identityProviders.target(id))
    request.content = EndpointRequest.Content(
      mediaType: MessageFormat.json.contentType, bytes: JSONValue.array(operations).serialized())
    _ = try await management.send(request)
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
