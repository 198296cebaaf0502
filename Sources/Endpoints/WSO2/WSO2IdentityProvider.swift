import JSON
import SCIM

/// An identity provider as the management API writes it, and as manifests describe it.
enum WSO2IdentityProvider {
  /// The id of the authenticator for OpenID Connect: its name in base64url.
  static let openIDConnect = "T3BlbklEQ29ubmVjdEF1dGhlbnRpY2F0b3I"

  private static let prompts = [
    ("none", "PROVISION_SILENTLY"), ("consent", "PROMPT_CONSENT"), ("password", "PROMPT_PASSWORD_CONSENT"),
    ("username", "PROMPT_USERNAME_PASSWORD_CONSENT"),
  ]

  // MARK: What is read

  /// - Parameters:
  ///   - authenticator: the one for OpenID Connect with its properties; nil when there is none.
  ///   - connectors: all of them with their properties.
  static func resource(_ document: JSONObject, authenticator: JSONObject?, connectors: [JSONObject] = []) -> Resource {
    var resource: JSONObject = ["schemas": .array([.string(SchemaURN.identityProvider)])]
    resource["id"] = document["id"]
    resource["name"] = document["name"]
    resource["displayName"] = WSO2Property.said(document["description"])
    resource["enabled"] = document["isEnabled"]
    resource["authenticators"] = authenticator.flatMap { WSO2Authenticator.attributes($0, document) }.map {
      [.object($0)]
    }
    resource["claims"] = claims(document["claims"]?.object ?? [:])
    let roles = mapping(document["roles"]?["mappings"], remote: "idpRole") { $0["localRole"] }
    resource["roles"] = roles.map { ["mapping": $0] }
    resource["justInTimeProvisioning"] = provisioning(document["provisioning"]?["jit"]?.object ?? [:])
    let told = connectors.compactMap { WSO2Connector.attributes($0, of: document) }
    resource["provisioning"] = told.isEmpty ? nil : ["connectors": .array(told.map(JSONValue.object))]
    return Resource(resource)
  }

  private static func claims(_ document: JSONObject) -> JSONValue? {
    var claims: JSONObject = [:]
    claims["userId"] = WSO2Property.said(document["userIdClaim"]?["uri"])
    claims["roles"] = WSO2Property.said(document["roleClaim"]?["uri"])
    claims["mapping"] = mapping(document["mappings"], remote: "idpClaim") { $0["localClaim"]?["uri"] }
    return claims.members.isEmpty ? nil : .object(claims)
  }

  private static func mapping(
    _ entries: JSONValue?, remote: String, local: (JSONValue) -> JSONValue?
  ) -> JSONValue? {
    let pairs = (entries?.array ?? []).compactMap { entry -> JSONValue? in
      guard let there = entry[remote], let here = local(entry) else { return nil }
      return ["remote": there, "local": here]
    }
    return pairs.isEmpty ? nil : .array(pairs)
  }

  private static func provisioning(_ document: JSONObject) -> JSONValue? {
    guard let isEnabled = document["isEnabled"] else { return nil }
    var provisioning: JSONObject = ["enabled": isEnabled]
    provisioning["userStoreDomain"] = WSO2Property.said(document["userstore"])
    let scheme = document["scheme"]?.string
    provisioning["prompt"] = prompts.first { $0.1 == scheme }.map { .string($0.0) }
    return .object(provisioning)
  }

  // MARK: What is written

  /// The document of a new one. A new one is enabled, whatever it says.
  static func document(_ attributes: JSONObject, connectors: WSO2ConnectorList? = nil) -> JSONObject {
    var document: JSONObject = [:]
    document["name"] = attributes["name"]
    document["description"] = attributes["displayName"]
    if let uri = WSO2Authenticator.keys(attributes) { document["certificate"] = ["jwksUri": uri] }
    if let claims = attributes["claims"] { document["claims"] = .object(self.claims(claims, over: [:])) }
    let provisioned = connectors?.roles ?? []
    if attributes["roles"] != nil || !provisioned.isEmpty {
      document["roles"] = .object(roles(attributes["roles"], provisioned: provisioned, over: [:]))
    }
    if let own = WSO2Authenticator.own(attributes) {
      let authenticator = WSO2Authenticator.document(own, over: [:])
      document["federatedAuthenticators"] = [
        "defaultAuthenticatorId": .string(openIDConnect), "authenticators": [.object(authenticator)],
      ]
    }
    var provisioning: JSONObject = [:]
    provisioning["jit"] = attributes["justInTimeProvisioning"].map { .object(self.provisioning($0, over: [:])) }
    provisioning["outboundConnectors"] = connectors.map { .object($0.document(defaultID: $0.defaultID())) }
    document["provisioning"] = provisioning.isEmpty ? nil : .object(provisioning)
    return document
  }

  /// - Parameter current: what else the part says, which stays.
  static func claims(_ claims: JSONValue?, over current: JSONObject) -> JSONObject {
    var document = current
    document["userIdClaim"] = claims?["userId"].map { ["uri": $0] }
    document["roleClaim"] = claims?["roles"].map { ["uri": $0] }
    document["mappings"] = .array(
      (claims?["mapping"]?.array ?? []).map {
        ["idpClaim": $0["remote"] ?? .null, "localClaim": ["uri": $0["local"] ?? .null]]
      })
    if document["provisioningClaims"] == nil { document["provisioningClaims"] = [] }
    return document
  }

  /// - Parameters:
  ///   - provisioned: the local roles whose users connectors provision; none is all.
  ///   - current: what else the part says, which stays.
  static func roles(_ roles: JSONValue?, provisioned: [String], over current: JSONObject) -> JSONObject {
    var document = current
    document["mappings"] = .array(
      (roles?["mapping"]?.array ?? []).map { ["idpRole": $0["remote"] ?? .null, "localRole": $0["local"] ?? .null] })
    document["outboundProvisioningRoles"] = .array(provisioned.map(JSONValue.string))
    return document
  }

  /// - Parameter current: what else the part says, which stays.
  static func provisioning(_ jit: JSONValue?, over current: JSONObject) -> JSONObject {
    var document = current
    document["isEnabled"] = jit?["enabled"] ?? false
    document["userstore"] = jit?["userStoreDomain"]
    let prompt = jit?["prompt"]?.string
    document["scheme"] = .string(prompts.first { $0.0 == prompt }?.1 ?? prompts[0].1)
    return document
  }
}
