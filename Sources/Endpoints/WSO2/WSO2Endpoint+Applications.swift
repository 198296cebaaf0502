import JSON
import SCIM

/// Applications by the management API: service providers.
extension WSO2Endpoint {
  /// An application with the document of its client, as they are now.
  struct KnownApplication: Sendable {
    var document: JSONObject
    /// nil when it is no OpenID Connect client.
    var client: JSONObject?

    var resource: Resource { WSO2Application.resource(document, client: client) }
  }

  private static let residentTarget = "\(WSO2Collection.applications.path)/resident"

  /// All of them, the server itself first.
  func applications() async throws(EndpointError) -> [Resource] {
    let ids = try await names(in: .applications).map(\.id)
    let others = try await SideBySide.map(ids) { id throws(EndpointError) in
      try await self.application(id)?.resource
    }.compactMap { $0 }
    return [try await resident()] + others
  }

  func application(_ id: String) async throws(EndpointError) -> KnownApplication? {
    let target = WSO2Collection.applications.target(id)
    guard let document = try await document(target) else { return nil }
    let client = WSO2Application.isClient(document) ? try await self.document(target + WSO2Client.path) : nil
    return KnownApplication(document: document, client: client)
  }

  func serviceProvider(_ id: String) async throws(EndpointError) -> Resource? {
    id == WSO2Application.resident ? try await resident() : try await application(id)?.resource
  }

  private func resident() async throws(EndpointError) -> Resource {
    WSO2Application.resident(try await residentDocument())
  }

  private func residentDocument() async throws(EndpointError) -> JSONObject {
    guard let document = try await document(Self.residentTarget) else {
      throw EndpointError(.malformed, "the server does not tell its resident application")
    }
    return document
  }

  // MARK: The server itself

  func updateResident(to attributes: (JSONObject) async throws(EndpointError) -> JSONObject) async throws(EndpointError)
  {
    let document = try await residentDocument()
    let before = WSO2Application.resident(document).attributes
    let after = try await attributes(before)
    let foreign = after.keys.filter { !["schemas", "id", "name", "outboundProvisioning"].contains($0) }
    guard foreign.isEmpty else {
      throw EndpointError(
        .rejected,
        "the resident service provider is the server itself and has no \(foreign.sorted().joined(separator: ", "))")
    }
    guard before["outboundProvisioning"] != after["outboundProvisioning"] else { return }
    let current = document["provisioningConfigurations"]?["outboundProvisioningIdps"]?.array ?? []
    // What is left out of it stays.
    let entries = try await provisioned(after, over: current)
    guard entries != current else { return }
    try await put(Self.residentTarget, ["outboundProvisioningIdps": .array(entries)])
  }

  // MARK: Provisioning

  /// The entries of `outboundProvisioning` as the server takes them, each with the name of its connector.
  func provisioned(
    _ attributes: JSONObject, over current: [JSONValue]
  ) async throws(EndpointError) -> [JSONValue] {
    var entries: [JSONValue] = []
    for element in attributes["outboundProvisioning"]?.array ?? [] {
      let provider = element["identityProvider"]?.string ?? ""
      var connector = element["connector"]?.string
      if connector == nil { connector = current.first { $0["idp"]?.string == provider }?["connector"]?.string }
      if connector == nil { connector = try await defaultConnector(of: provider) }
      entries.append(WSO2Application.outbound(provider, connector ?? "", over: current))
    }
    return entries
  }

  /// The name of the connector that is meant when none is named.
  private func defaultConnector(of provider: String) async throws(EndpointError) -> String {
    let found = try await names(in: .identityProviders).first { $0.name == provider }
    var list: JSONValue?
    if let found {
      let document = try await document(WSO2Collection.identityProviders.target(found.id))
      list = document?["provisioning"]?["outboundConnectors"]
    }
    let chosen = (list?["connectors"]?.array ?? []).first { $0["connectorId"] == list?["defaultConnectorId"] }
    guard let name = chosen?["name"]?.string else {
      throw EndpointError(
        .rejected, "the identity provider '\(provider)' has no default connector there; name one with `connector`")
    }
    return name
  }
}
