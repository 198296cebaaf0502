import Foundation
import JSON

/// Where another provider is found, and how it wants to be asked.
package struct ProviderAddresses: Hashable, Sendable {
  /// How a client proves who it is at the token endpoint (OpenID Connect Core section 9).
  package enum ClientAuthentication: String, Sendable {
    case basic = "client_secret_basic"
    case post = "client_secret_post"
    case none
  }

  package var issuer: String
  package var authorization: String
  package var token: String
  /// Of the JSON Web Key Set.
  package var keys: String
  package var userInfo: String?
  /// Those that it takes, in its order.
  package var clientAuthentications: [String]
  /// Whether it names itself in every answer (RFC 9207 section 3).
  package var namesItself: Bool

  package init(
    issuer: String, authorization: String, token: String, keys: String, userInfo: String? = nil,
    clientAuthentications: [String] = [ClientAuthentication.basic.rawValue], namesItself: Bool = false
  ) {
    self.issuer = issuer
    self.authorization = authorization
    self.token = token
    self.keys = keys
    self.userInfo = userInfo
    self.clientAuthentications = clientAuthentications
    self.namesItself = namesItself
  }

  /// Reads what a provider tells of itself (OpenID Connect Discovery section 3).
  /// - Parameter issuer: whom it was asked of. It must call itself exactly that (section 4.3), or anybody could speak for
  ///   anybody.
  /// - Throws: ``FederationError`` untrustworthy or unavailable; for an address without TLS unless the issuer has none either
  ///   and so is of this machine: whoever speaks for an issuer elsewhere must not make us call services of this one.
  package init(_ metadata: JSONObject, of issuer: String) throws(FederationError) {
    guard metadata["issuer"]?.string?.isExactly(issuer) == true else {
      throw FederationError(.untrustworthy, "what \(issuer) tells of itself is about another issuer")
    }
    func address(_ name: String) throws(FederationError) -> String {
      guard let address = metadata[name]?.string else {
        throw FederationError(.unavailable, "\(issuer) does not tell its \(name)")
      }
      let checked = try Self.checked(address, name)
      guard !Self.isPlain(checked) || Self.isPlain(issuer) else {
        throw FederationError(.untrustworthy, "\(issuer) names a \(name) without TLS: \(address)")
      }
      return checked
    }
    self.init(
      issuer: issuer, authorization: try address("authorization_endpoint"), token: try address("token_endpoint"),
      keys: try address("jwks_uri"),
      userInfo: metadata["userinfo_endpoint"] == nil ? nil : try address("userinfo_endpoint"))
    if let methods = metadata["token_endpoint_auth_methods_supported"]?.array {
      clientAuthentications = methods.compactMap(\.string)
    }
    namesItself = metadata["authorization_response_iss_parameter_supported"]?.bool ?? false
  }

  /// How to ask for tokens, with a secret or without one.
  /// - Throws: ``FederationError`` misconfigured when the provider takes nothing that we can do.
  package func clientAuthentication(hasSecret: Bool) throws(FederationError) -> ClientAuthentication {
    guard hasSecret else { return .none }
    let known = [ClientAuthentication.basic, .post].first { clientAuthentications.contains($0.rawValue) }
    guard let known else {
      throw FederationError(
        .misconfigured,
        "\(issuer) takes neither client_secret_basic nor client_secret_post, but \(clientAuthentications)")
    }
    return known
  }

  /// Where to ask an issuer what it tells of itself (Discovery section 4).
  package static func discovery(of issuer: String) -> String {
    (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
  }

  private static func isPlain(_ address: String) -> Bool { address.asciiLowercased.hasPrefix("http:") }

  /// An address that codes and secrets may be sent to: of TLS, or on this machine.
  /// - Throws: ``FederationError`` misconfigured.
  package static func checked(_ text: String, _ name: String) throws(FederationError) -> String {
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.fragment == nil,
      parts.user == nil, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), text.utf8.count <= 2048
    else { throw FederationError(.misconfigured, "\(name) is no address: \(text.prefix(200))") }
    switch parts.scheme?.lowercased() {
    case "https": return text
    case "http" where RedirectURI(text).objection == nil: return text
    default: throw FederationError(.misconfigured, "\(name) must be https beyond this machine: \(text)")
    }
  }
}
