import JSON
import NIOHTTP1
import SCIM

/// Identity providers by the management API.
extension WSO2Endpoint {
  static let collection = "/identity-providers"
  private static let pageSize = 30

  /// An identity provider with the document of its authenticator, as they are now.
  struct KnownIdentityProvider: Sendable {
    var document: JSONObject
    var authenticator: JSONObject?

    var resource: Resource { WSO2IdentityProvider.resource(document, authenticator: authenticator) }
  }

  // MARK: Reading

  /// All of them: they are few, and each is read by itself. The one that stands for the server's own users is left out.
  func identityProviders() async throws(EndpointError) -> [Resource] {
    let ids = try await identityProviderNames().filter { $0.name != WSO2IdentityProvider.local }.map(\.id)
    return try await SideBySide.map(ids) { id throws(EndpointError) in
      try await self.identityProvider(id)?.resource
    }.compactMap { $0 }
  }

  func identityProviderNames() async throws(EndpointError) -> [(id: String, name: String)] {
    var names: [(id: String, name: String)] = []
    while true {
      let query = SCIM2Address.query([("limit", String(Self.pageSize)), ("offset", String(names.count))])
      guard let list = try await management.send(EndpointRequest(.GET, Self.collection + query)).object(),
        let total = list["totalResults"]?.int
      else { throw EndpointError(.malformed, "the answer is not a list of identity providers") }
      let found = (list["identityProviders"]?.array ?? []).compactMap { entry in
        entry["id"]?.string.map { (id: $0, name: entry["name"]?.string ?? "") }
      }
      names += found
      if found.isEmpty || names.count >= total { return names }
    }
  }

  func identityProvider(_ id: String) async throws(EndpointError) -> KnownIdentityProvider? {
    do throws(EndpointError) {
      let target = Self.target(id)
      guard let document = try await management.send(EndpointRequest(.GET, target)).object() else { return nil }
      let listed = document["federatedAuthenticators"]?["authenticators"]?.array ?? []
      let isThere = listed.contains { $0["authenticatorId"]?.string == WSO2IdentityProvider.openIDConnect }
      let authenticator =
        isThere ? try await management.send(EndpointRequest(.GET, target + WSO2Authenticator.path)).object() : nil
      return KnownIdentityProvider(document: document, authenticator: authenticator)
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  static func target(_ id: String) -> String { "\(collection)/\(SCIM2Address.encode(id))" }
}
