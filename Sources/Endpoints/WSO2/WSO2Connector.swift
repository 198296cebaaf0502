import JSON
import SCIM

/// A connector of an identity provider as it is to be: what a manifest says, put over what is there.
struct WSO2Connector: Sendable {
  let type: WSO2ConnectorType
  /// As the management API takes it, but for whether it is the default.
  let document: JSONObject
  /// Whether it is to be the default; nil when nothing is said of it.
  let isDefault: Bool?
  /// Whether something differs from what is there.
  let isChanged: Bool
  let secrets: [String]

  /// Below the address of the identity provider.
  static let listPath = "/provisioning/outbound-connectors"
  static func path(_ id: String) -> String { "\(listPath)/\(SCIM2Address.encode(id))" }

  // MARK: What is read

  /// nil for one that no manifest can describe. Its secrets are never told on.
  /// - Parameter provider: its identity provider, which says which connector is the default and whose users are provisioned.
  static func attributes(_ document: JSONObject, of provider: JSONObject) -> JSONObject? {
    let id = document["connectorId"]?.string
    let values = WSO2Property.values(document)
    guard let type = WSO2ConnectorType.known(id, values) else { return nil }
    var attributes: JSONObject = ["name": .string(type.name), "type": .string(type.type)]
    attributes["enabled"] = document["isEnabled"]
    attributes["default"] = .bool(id == defaultID(provider))
    attributes["blocking"] = document["blockingEnabled"]
    for (name, key) in type.keys where !WSO2ConnectorType.secrets.contains(name) {
      guard let value = WSO2Property.said(values[key]) else { continue }
      attributes[name] = WSO2ConnectorType.flags.contains(name) ? .bool(value == true || value == "true") : value
    }
    let roles = roles(provider)
    attributes["roles"] = roles.isEmpty ? nil : .array(roles.map(JSONValue.string))
    return attributes
  }

  static func defaultID(_ provider: JSONObject) -> String? {
    provider["provisioning"]?["outboundConnectors"]?["defaultConnectorId"]?.string
  }

  /// The local roles whose users are provisioned, by all connectors of an identity provider.
  static func roles(_ provider: JSONObject) -> [String] {
    (provider["roles"]?["outboundProvisioningRoles"]?.array ?? []).compactMap(\.string)
  }

  // MARK: What is written

  /// - Parameter current: the document that is there; its properties that no manifest knows stay, and so do its secrets, as
  ///   they were told. nil for a new one.
  /// - Throws: `rejected` for what cannot be said there.
  init(_ own: JSONObject, as type: WSO2ConnectorType, over current: JSONObject?) throws(EndpointError) {
    self.type = type
    isDefault = own["default"]?.bool
    let told = WSO2Property.values(current ?? [:])
    let values = try Self.values(own, type, over: told)
    let missing = current == nil ? type.required.filter { WSO2Property.said(values[$0]) == nil } : []
    guard missing.isEmpty else {
      throw EndpointError(
        .rejected,
        "the connector \(type.name) needs \(missing.joined(separator: ", ")) there, which its manifest does"
          + " not say or has no word for; one that was set up there can be managed")
    }
    var document: JSONObject = ["connectorId": .string(type.id)]
    document["isEnabled"] = own["enabled"] ?? current?["isEnabled"] ?? true
    document["blockingEnabled"] = own["blocking"] ?? current?["blockingEnabled"] ?? false
    document["rulesEnabled"] = current?["rulesEnabled"] ?? false
    document["properties"] = WSO2Property.list(values)
    self.document = document
    isChanged =
      values != told || ["isEnabled", "blockingEnabled"].contains { document[$0] != current?[$0] ?? .bool(false) }
    let secretKeys = type.keys.filter { WSO2ConnectorType.secrets.contains($0.attribute) }.map(\.key)
    secrets = secretKeys.flatMap { [values[$0]?.string, told[$0]?.string] }.compactMap(\.self)
  }

  private static func values(
    _ own: JSONObject, _ type: WSO2ConnectorType, over told: JSONObject
  ) throws(EndpointError) -> JSONObject {
    var values = told
    for (name, key) in type.keys where own[name] != nil || !WSO2ConnectorType.secrets.contains(name) {
      values[key] = own[name].map { value in value.bool.map { .string(String($0)) } ?? value }
    }
    let signsInByToken = own["token"] != nil
    guard let modeKey = type.modeKey, told.isEmpty || told[modeKey] != nil else {
      guard !signsInByToken else {
        throw EndpointError(.rejected, "the connector \(type.name) does not sign in with a token there")
      }
      return values
    }
    if signsInByToken { values[modeKey] = "bearer" } else if own["username"] != nil { values[modeKey] = "basic" }
    return values
  }
}
