import JSON
import SCIM

/// Identity providers by the management API.
extension WSO2Endpoint {
  /// An identity provider with the documents of its authenticator and its connectors, as they are now.
  struct KnownIdentityProvider: Sendable {
    var document: JSONObject
    var authenticator: JSONObject?
    /// All of them, those included that no manifest can describe.
    var connectors: [JSONObject]

    var resource: Resource {
      WSO2IdentityProvider.resource(document, authenticator: authenticator, connectors: connectors)
    }
  }

  /// All of them, but for the one that stands for the server's own users.
  func identityProviders() async throws(EndpointError) -> [Resource] {
    let ids = try await names(in: .identityProviders).map(\.id)
    return try await SideBySide.map(ids) { id throws(EndpointError) in
      try await self.identityProvider(id)?.resource
    }.compactMap { $0 }
  }

  /// The whole tells its authenticators and connectors without their properties, so each is asked for by itself.
  func identityProvider(_ id: String) async throws(EndpointError) -> KnownIdentityProvider? {
    let target = WSO2Collection.identityProviders.target(id)
    guard let document = try await document(target) else { return nil }
    var known = KnownIdentityProvider(document: document, connectors: [])
    let authenticators = document["federatedAuthenticators"]?["authenticators"]?.array ?? []
    if authenticators.contains(where: { $0["authenticatorId"]?.string == WSO2IdentityProvider.openIDConnect }) {
      known.authenticator = try await self.document(target + WSO2Authenticator.path())
    }
    for entry in document["provisioning"]?["outboundConnectors"]?["connectors"]?.array ?? [] {
      guard let connector = entry["connectorId"]?.string else { continue }
      let told = try await self.document(target + WSO2Connector.path(connector))
      if var told {
        told["connectorId"] = .string(connector)
        known.connectors.append(told)
      }
    }
    return known
  }
}
