import JSON
import SCIM

/// An application as an OpenID Connect client.
enum WSO2Client {
  /// Below the address of the application.
  static let path = "/inbound-protocols/oidc"

  /// How long tokens live where nothing is said, in seconds.
  private static let accessTokenLifetime = 3600
  private static let refreshTokenLifetime = 86_400

  // MARK: What is read

  /// Its secret is never told on.
  static func attributes(_ document: JSONObject) -> JSONObject {
    var attributes: JSONObject = [:]
    attributes["clientId"] = document["clientId"]
    let callbacks = (document["callbackURLs"]?.array ?? []).compactMap(\.string)
    let redirectURIs = WSO2Callbacks.redirectURIs(callbacks)
    if !redirectURIs.isEmpty { attributes["redirectURIs"] = .array(redirectURIs.map(JSONValue.string)) }
    attributes["grantTypes"] = document["grantTypes"]
    attributes["pkce"] = document["pkce"]?["mandatory"]?.bool.map { $0 ? "required" : "optional" }
    let tokens = document["accessToken"]
    let user = tokens?["userAccessTokenExpiryInSeconds"]?.int
    // Both are set alike; where they are not, no one lifetime can be told.
    if user == tokens?["applicationAccessTokenExpiryInSeconds"]?.int { attributes["accessTokenLifetime"] = text(user) }
    attributes["refreshTokenLifetime"] = text(document["refreshToken"]?["expiryInSeconds"]?.int)
    return attributes
  }

  private static func text(_ seconds: Int?) -> JSONValue? { seconds.map { .string(DurationText.text($0)) } }

  // MARK: What is written

  /// - Parameter current: what is there, which stays as far as no manifest knows it, its secret as it was told; empty for a
  ///   new client.
  /// - Throws: `rejected` for a lifetime that is none.
  static func document(_ own: JSONObject, over current: JSONObject) throws(EndpointError) -> JSONObject {
    var document = current
    document["state"] = nil
    document["clientId"] = own["clientId"] ?? current["clientId"]
    document["clientSecret"] = own["clientSecret"] ?? current["clientSecret"]
    // A client without a secret of its own is public.
    document["publicClient"] = current["publicClient"] ?? .bool(own["clientSecret"] == nil)
    // It must have one.
    let grants = own["grantTypes"]?.array ?? []
    document["grantTypes"] = .array(grants.isEmpty ? ["authorization_code"] : grants)
    let redirectURIs = (own["redirectURIs"]?.array ?? []).compactMap(\.string)
    document["callbackURLs"] = .array(WSO2Callbacks.callbacks(redirectURIs).map(JSONValue.string))
    document["pkce"] = pkce(own["pkce"]?.string, over: current["pkce"]?.object)
    document["accessToken"] = try accessToken(own, over: current["accessToken"]?.object)
    document["refreshToken"] = try refreshToken(own, over: current["refreshToken"]?.object)
    return document
  }

  private static func pkce(_ word: String?, over current: JSONObject?) -> JSONValue? {
    guard word != nil || current != nil else { return nil }
    var pkce = current ?? ["supportPlainTransformAlgorithm": false]
    pkce["mandatory"] = .bool(word == "required")
    return .object(pkce)
  }

  private static func accessToken(
    _ own: JSONObject, over current: JSONObject?
  ) throws(EndpointError) -> JSONValue? {
    let seconds = try seconds(own, "accessTokenLifetime")
    guard current != nil || seconds != nil else { return nil }
    var token = current ?? ["type": "Default"]
    for key in ["userAccessTokenExpiryInSeconds", "applicationAccessTokenExpiryInSeconds"] {
      token[key] = .number(JSONNumber(seconds ?? accessTokenLifetime))
    }
    return .object(token)
  }

  private static func refreshToken(
    _ own: JSONObject, over current: JSONObject?
  ) throws(EndpointError) -> JSONValue? {
    let seconds = try seconds(own, "refreshTokenLifetime")
    guard current != nil || seconds != nil else { return nil }
    var token = current ?? ["renewRefreshToken": true]
    token["expiryInSeconds"] = .number(JSONNumber(seconds ?? refreshTokenLifetime))
    return .object(token)
  }

  private static func seconds(_ own: JSONObject, _ name: String) throws(EndpointError) -> Int? {
    guard let text = own[name]?.string else { return nil }
    guard let seconds = DurationText.seconds(text), seconds > 0 else {
      throw EndpointError(.rejected, "\(name) must be a time such as 30m or 1h, not '\(text)'")
    }
    return seconds
  }
}
