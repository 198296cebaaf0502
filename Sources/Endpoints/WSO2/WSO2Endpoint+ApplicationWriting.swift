import JSON
import NIOHTTP1
import SCIM

/// An application is written in two: itself, and what it is as a client. Only what differs is written.
extension WSO2Endpoint {
  func createApplication(_ attributes: JSONObject) async throws(EndpointError) -> Resource {
    let name = try Self.name(attributes)
    if name == WSO2Application.resident { return try await createResident(attributes) }
    let provisioned = try await provisioned(attributes, over: [])
    var document = WSO2Application.parts(from: [:], to: attributes, over: [:], provisioned: provisioned)
    document["name"] = .string(name)
    if let client = attributes["inbound"]?["openidconnect"]?.object {
      document["inboundProtocolConfiguration"] = ["oidc": .object(try WSO2Client.document(client, over: [:]))]
    }
    var made = attributes
    made["id"] = .string(
      try await make(document, named: name, in: .applications, secrets: Self.clientSecrets(attributes, [:])))
    return Resource(made)
  }

  /// It is there already, and is only told what to do.
  private func createResident(_ attributes: JSONObject) async throws(EndpointError) -> Resource {
    try await updateResident { _ in attributes }
    var made = attributes
    made["id"] = .string(WSO2Application.resident)
    return Resource(made)
  }

  func updateApplication(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate
  ) async throws(EndpointError) {
    guard id != WSO2Application.resident else {
      return try await updateResident { before throws(EndpointError) in try await applied(update, to: before, of: type)
      }
    }
    guard let known = try await application(id) else {
      throw EndpointError(.notFound, "there is no application with the id '\(id)'")
    }
    let before = known.resource.attributes
    let after = try await applied(update, to: before, of: type)
    let current = known.document["provisioningConfigurations"]?["outboundProvisioningIdps"]?.array ?? []
    let isProvisioned = before["outboundProvisioning"] != after["outboundProvisioning"]
    let parts = WSO2Application.parts(
      from: before, to: after, over: known.document,
      provisioned: isProvisioned ? try await provisioned(after, over: current) : nil)
    if !parts.isEmpty {
      _ = try await management.send(EndpointRequest(.PATCH, WSO2Collection.applications.target(id), body: parts))
    }
    try await writeClient(of: id, known, after)
  }

  /// The server itself stays, and provisions no more.
  func deleteApplication(_ id: String) async throws(EndpointError) {
    guard id != WSO2Application.resident else {
      return try await updateResident { before in
        var after = before
        after["outboundProvisioning"] = nil
        return after
      }
    }
    try await remove(WSO2Collection.applications.target(id))
  }

  private func writeClient(
    of id: String, _ known: KnownApplication, _ after: JSONObject
  ) async throws(EndpointError) {
    let target = WSO2Collection.applications.target(id) + WSO2Client.path
    guard let own = after["inbound"]?["openidconnect"]?.object else {
      if known.client != nil { try await remove(target) }
      return
    }
    let current = known.client ?? [:]
    var told = WSO2Client.attributes(current)
    told["skipConsent"] = own["skipConsent"]
    guard known.client == nil || own != told else { return }
    try await put(target, try WSO2Client.document(own, over: current), secrets: Self.clientSecrets(after, current))
  }

  private static func clientSecrets(_ attributes: JSONObject, _ current: JSONObject) -> [String] {
    [attributes["inbound"]?["openidconnect"]?["clientSecret"], current["clientSecret"]].compactMap { $0?.string }
  }
}
