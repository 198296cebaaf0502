import Foundation
import JSON

/// The authenticator for OpenID Connect of an identity provider: a list of properties there.
enum WSO2Authenticator {
  /// The attributes of an authenticator and the keys of their properties.
  private static let properties = [
    ("clientId", "ClientId"), ("clientSecret", "ClientSecret"), ("authorizationEndpoint", "OAuth2AuthzEPUrl"),
    ("tokenEndpoint", "OAuth2TokenEPUrl"), ("callbackURL", "callbackUrl"), ("userInfoEndpoint", "UserInfoUrl"),
    ("endSessionEndpoint", "OIDCLogoutEPUrl"),
  ]
  /// Below the address of the identity provider.
  static func path(_ id: String = WSO2IdentityProvider.openIDConnect) -> String {
    "/federated-authenticators/\(SCIM2Address.encode(id))"
  }
  static let secret = "ClientSecret"
  private static let query = "commonAuthQueryParams"

  /// The authenticator that the attributes of an identity provider describe.
  static func own(_ attributes: JSONObject) -> JSONObject? { attributes["authenticators"]?.array?.first?.object }

  /// Where its keys are, which is told of the identity provider there.
  static func keys(_ attributes: JSONObject) -> JSONValue? { own(attributes)?["jwksURI"] }

  /// Whether the authenticators of two states differ, where they are written: the address of the keys is not.
  static func differ(_ a: JSONObject, _ b: JSONObject) -> Bool {
    func compared(_ attributes: JSONObject) -> JSONObject? {
      var own = own(attributes)
      own?["jwksURI"] = nil
      return own
    }
    return compared(a) != compared(b)
  }

  // MARK: What is read

  /// nil when nothing is said of it. A secret is never told on.
  static func attributes(_ document: JSONObject, _ provider: JSONObject) -> JSONObject? {
    let values = WSO2Property.values(document)
    var attributes: JSONObject = ["type": "openidconnect"]
    for (name, key) in properties where key != secret {
      if let value = WSO2Property.said(values[key]) { attributes[name] = value }
    }
    let scopes = scopes(values[query]?.string ?? "")
    if !scopes.isEmpty { attributes["scopes"] = .array(scopes.map(JSONValue.string)) }
    if let uri = provider["certificate"]?["jwksUri"], uri.string?.isEmpty == false { attributes["jwksURI"] = uri }
    return attributes.members.count == 1 ? nil : attributes
  }

  private static func scopes(_ query: String) -> [String] {
    let parameter = query.split(separator: "&").first { $0.hasPrefix("scope=") }
    let text = String(parameter?.dropFirst("scope=".count) ?? "").replacing("+", with: " ")
    return (text.removingPercentEncoding ?? text).split(separator: " ").map(String.init)
  }

  // MARK: What is written

  /// - Parameter current: its properties that no manifest knows stay, and so does its secret, as it was told: servers that
  ///   tell no secret take their own mask for the one they have.
  static func document(_ own: JSONObject, over current: JSONObject) -> JSONObject {
    var values = WSO2Property.values(current)
    for (name, key) in properties where own[name] != nil || key != secret { values[key] = own[name] }
    let scopes = (own["scopes"]?.array ?? []).compactMap(\.string)
    values[query] = written(scopes, over: values[query]?.string ?? "").map(JSONValue.string)
    var document: JSONObject = ["authenticatorId": .string(WSO2IdentityProvider.openIDConnect), "isEnabled": true]
    document["properties"] = WSO2Property.list(values)
    return document
  }

  /// The parameters with these scopes in the place of others; nil when nothing is left.
  private static func written(_ scopes: [String], over query: String) -> String? {
    let others = query.split(separator: "&").filter { !$0.hasPrefix("scope=") }.map(String.init)
    let all = (scopes.isEmpty ? [] : ["scope=" + scopes.joined(separator: " ")]) + others
    return all.isEmpty ? nil : all.joined(separator: "&")
  }
}
