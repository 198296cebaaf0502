import Foundation
import JSON

/// A plug-in of WSO2 Identity Server that provisions: an identity provider has one connector of each at most, and the
/// connector is called as the plug-in is.
struct WSO2ConnectorType: Sendable {
  /// In manifests.
  let type: String
  /// There.
  let name: String
  /// The attributes of a connector and the keys of their properties.
  let keys: [(attribute: String, key: String)]
  /// The properties that it cannot do without.
  let required: [String]
  /// The property that says how it signs in; nil when there is one way only.
  var modeKey: String?

  /// The attributes that nobody reads again.
  static let secrets: Set<String> = ["password", "token"]
  /// The attributes that are no texts.
  static let flags: Set<String> = ["passwordProvisioning"]

  static let all = [scim1, scim2, spml2, google, salesforce]

  static let scim1 = scim("scim1", name: "scim", prefix: "scim-", required: ["username", "password", "user-ep"])
  static let scim2 = scim("scim2", name: "SCIM2", prefix: "scim2-", required: ["user-ep"])
  /// As its versions before 2.0 were: with the keys of the connector for SCIM 1.1.
  static let scim2WithOldKeys = scim(
    "scim2", name: "SCIM2", prefix: "scim-", required: ["username", "password", "user-ep"])
  static let spml2 = WSO2ConnectorType(
    type: "spml2", name: "spml",
    keys: [("username", "spml-username"), ("password", "spml-password"), ("userEndpoint", "spml-ep")],
    required: ["spml-ep", "spml-oc"])
  static let google = WSO2ConnectorType(
    type: "google", name: "googleapps", keys: [],
    required: [
      "google_prov_domain_name", "google_prov_email_claim_dropdown", "google_prov_givenname_claim_dropdown",
      "google_prov_familyname_claim_dropdown", "google_prov_service_acc_email", "google_prov_admin_email",
      "google_prov_application_name",
    ])
  static let salesforce = WSO2ConnectorType(
    type: "salesforce", name: "salesforce", keys: [("username", "sf-username"), ("password", "sf-password")],
    required: [
      "sf-api-version", "sf-domain-name", "sf-clientid", "sf-client-secret", "sf-username", "sf-password",
      "sf-token-endpoint",
    ])

  /// The name in base64url without padding.
  var id: String {
    Data(name.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// The type of a connector that is there; nil for one that no manifest can describe.
  static func known(_ id: String?, _ values: JSONObject) -> WSO2ConnectorType? {
    guard let type = all.first(where: { $0.id == id }) else { return nil }
    let hasNewKeys = values.keys.contains { $0.hasPrefix("scim2-") }
    guard type.type == scim2.type else { return type }
    return !hasNewKeys && values.keys.contains { $0.hasPrefix("scim-") } ? scim2WithOldKeys : scim2
  }

  /// The connector for SCIM 2.0 as a server describes it that is about to get one.
  static func scim2(describedBy keys: Set<String>) -> WSO2ConnectorType {
    if keys.isEmpty { return scim2 }
    guard keys.contains("scim2-user-ep") else { return scim2WithOldKeys }
    var type = scim2
    if let mode = type.modeKey, !keys.contains(mode) { type.modeKey = nil }
    return type
  }

  private static func scim(
    _ type: String, name: String, prefix: String, required: [String]
  ) -> WSO2ConnectorType {
    let isNew = prefix == "scim2-"
    let common = [
      ("username", "username"), ("password", "password"), ("userEndpoint", "user-ep"), ("groupEndpoint", "group-ep"),
      ("userStoreDomain", "user-store-domain"), ("passwordProvisioning", "enable-pwd-provisioning"),
    ]
    let all = common + (isNew ? [("token", "access-token")] : [])
    return WSO2ConnectorType(
      type: type, name: name, keys: all.map { (attribute: $0.0, key: prefix + $0.1) },
      required: required.map { prefix + $0 }, modeKey: isNew ? "scim2-authentication-mode" : nil)
  }
}
