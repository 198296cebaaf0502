import Foundation
import JSON
import LocalDirectory
import OpenID
import Reconciliation
import SCIM

/// An identity provider that users may sign in with, as its resource describes it.
struct FederatedProvider: Sendable {
  /// Where it is found, as far as that is said.
  struct Addresses: Hashable, Sendable {
    var issuer: String?
    var authorization: String?
    var token: String?
    var keys: String?
    var userInfo: String?
  }

  /// `is2`.
  let name: String
  /// For people: `Partner`.
  let label: String
  let clientID: String
  let clientSecret: Secret?
  let addresses: Addresses
  let trust: EndpointDeclaration.Trust
  /// Where it sends browsers back to; nil for the address of the server.
  let callbackURL: String?
  let scopes: [String]
  let claims: ClaimMapping
  let roles: RoleMapping
  let policy: ProvisioningPolicy

  private static let standardScopes = ["openid", "profile", "email"]

  /// - Parameter resource: an identity provider with its secrets.
  /// - Throws: ``FederationError`` misconfigured; nil when nobody signs in with it.
  init?(_ resource: Resource, _ catalog: SchemaCatalog) throws(FederationError) {
    let authenticators = resource["authenticators"]?.array ?? []
    guard resource["enabled"] != false, let name = resource["name"]?.string,
      let settings = authenticators.first(where: { $0["type"] == "openidconnect" })
    else { return nil }
    guard let clientID = settings["clientId"]?.string else {
      throw FederationError(.misconfigured, "the authenticator has no clientId")
    }
    self.name = name
    label = resource.displayName ?? name
    self.clientID = clientID
    clientSecret = settings["clientSecret"]?.string.map { Secret($0) }
    addresses = try Addresses(settings)
    trust = EndpointDeclaration.Trust(settings["tls"])
    callbackURL = try Self.callback(settings["callbackURL"]?.string)
    let named = (settings["scopes"]?.array ?? []).compactMap(\.string)
    scopes = named.isEmpty ? Self.standardScopes : named
    claims = try ClaimMapping(resource["claims"], catalog)
    roles = RoleMapping(resource)
    policy = ProvisioningPolicy(resource["justInTimeProvisioning"])
  }

  /// Who signs what is written because of what it says.
  func author(from address: NetworkAddress) -> Author {
    Author(name: "identityProvider:\(name)", address: address.text)
  }

  /// The path of our own at which browsers come back from it: `/commonauth`, or one below that for this provider alone.
  var callbackPath: String { callbackURL.flatMap(Self.path) ?? FederationService.path }

  private static func callback(_ text: String?) throws(FederationError) -> String? {
    guard let text else { return nil }
    let isOurs = path(try ProviderAddresses.checked(text, "callbackURL")).map(FederationService.isCallback) ?? false
    guard isOurs else {
      throw FederationError(
        .misconfigured, "callbackURL must end in \(FederationService.path) or one name below it: \(text)")
    }
    return text
  }

  /// What stands before it belongs to a proxy.
  private static func path(_ address: String) -> String? {
    address.range(of: FederationService.path, options: .backwards).map { String(address[$0.lowerBound...]) }
  }
}

extension FederatedProvider.Addresses {
  fileprivate init(_ settings: JSONValue) throws(FederationError) {
    func address(_ name: String) throws(FederationError) -> String? {
      guard let text = settings[name]?.string else { return nil }
      return try ProviderAddresses.checked(text, name)
    }
    issuer = try address("issuer")
    authorization = try address("authorizationEndpoint")
    token = try address("tokenEndpoint")
    keys = try address("jwksURI")
    userInfo = try address("userInfoEndpoint")
    guard issuer != nil || (authorization != nil && token != nil) else {
      throw FederationError(
        .misconfigured, "the authenticator has neither issuer nor authorizationEndpoint and tokenEndpoint")
    }
  }
}

extension EndpointDeclaration.Trust {
  /// What the `tls` of an identity provider says.
  init(_ tls: JSONValue?) {
    if let file = tls?["caFile"]?.string {
      self = .caFile(file)
    } else if let digest = tls?["pinnedSHA256"]?.string {
      self = .pinned(sha256: digest)
    } else {
      self = tls?["insecureSkipVerify"] == true ? .insecureSkipVerify : .system
    }
  }
}
